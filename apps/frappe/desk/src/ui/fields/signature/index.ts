/** A signature drawn by hand, kept as a picture. */
import { defineAsyncComponent } from 'vue';
import { Signature as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Show from './Show.vue';

export default defineField({ behaviour, edit: defineAsyncComponent(() => import('./Edit.vue')), show: Show, inCell: false });
