/** Formatted text. The editor is loaded when the first one appears. */
import { defineAsyncComponent } from 'vue';
import { TextEditor as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Show from './Show.vue';

export default defineField({ behaviour, edit: defineAsyncComponent(() => import('./Edit.vue')), show: Show, inCell: false });
