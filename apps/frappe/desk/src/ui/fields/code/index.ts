/** Source code. */
import { defineAsyncComponent } from 'vue';
import { Code as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Show from './Show.vue';

export default defineField({ behaviour, edit: defineAsyncComponent(() => import('./Edit.vue')), show: Show, inCell: false });
