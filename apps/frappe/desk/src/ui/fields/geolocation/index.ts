/** Places as GeoJSON, entered as latitude and longitude. */
import { defineAsyncComponent } from 'vue';
import { Geolocation as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Show from './Show.vue';

export default defineField({ behaviour, edit: defineAsyncComponent(() => import('./Edit.vue')), show: Show, inCell: false });
