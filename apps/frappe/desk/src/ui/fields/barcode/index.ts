/** A code that is drawn as a bar code. */
import { defineAsyncComponent } from 'vue';
import { Barcode as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Show from './Show.vue';

export default defineField({ behaviour, edit: defineAsyncComponent(() => import('./Edit.vue')), show: Show });
