/** A time of day. */
import { Time as behaviour } from '@/core/fields/temporal';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
