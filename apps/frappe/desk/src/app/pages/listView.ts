/** The views of a list, each a chunk of its own but the list itself. */
import { defineAsyncComponent, type Component } from 'vue';
import type { ViewName } from '@/core/views/views';
import RowsLoading from '@/ui/list/RowsLoading.vue';

/** What comes later than at once is announced by the place of its rows. */
const chunk = (loader: () => Promise<{ default: Component }>): Component => defineAsyncComponent({ loader, loadingComponent: RowsLoading, delay: 150 });

export const VIEWS: Readonly<Record<Exclude<ViewName, 'list'>, Component>> = {
  report: chunk(() => import('@/ui/views/ReportView.vue')),
  kanban: chunk(() => import('@/ui/views/KanbanView.vue')),
  calendar: chunk(() => import('@/ui/views/CalendarView.vue')),
  gantt: chunk(() => import('@/ui/views/GanttView.vue')),
  tree: chunk(() => import('@/ui/views/TreeView.vue')),
  image: chunk(() => import('@/ui/views/ImageView.vue')),
  map: chunk(() => import('@/ui/views/MapView.vue')),
  dashboard: chunk(() => import('@/ui/views/DashboardView.vue')),
};

/** Views that show the list's own page of rows; the others fetch what they need. */
export const PAGED: readonly ViewName[] = ['list', 'report', 'image'];
