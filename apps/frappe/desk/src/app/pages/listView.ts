/** The views of a list, each a chunk of its own but the list itself. */
import { defineAsyncComponent, type Component } from 'vue';
import type { ViewName } from '@/core/views/views';

export const VIEWS: Readonly<Record<Exclude<ViewName, 'list'>, Component>> = {
  report: defineAsyncComponent(() => import('@/ui/views/ReportView.vue')),
  kanban: defineAsyncComponent(() => import('@/ui/views/KanbanView.vue')),
  calendar: defineAsyncComponent(() => import('@/ui/views/CalendarView.vue')),
  gantt: defineAsyncComponent(() => import('@/ui/views/GanttView.vue')),
  tree: defineAsyncComponent(() => import('@/ui/views/TreeView.vue')),
  image: defineAsyncComponent(() => import('@/ui/views/ImageView.vue')),
  map: defineAsyncComponent(() => import('@/ui/views/MapView.vue')),
  dashboard: defineAsyncComponent(() => import('@/ui/views/DashboardView.vue')),
};

/** Views that show the list's own page of rows; the others fetch what they need. */
export const PAGED: readonly ViewName[] = ['list', 'report', 'image'];
