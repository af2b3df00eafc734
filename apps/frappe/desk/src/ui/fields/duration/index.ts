/** A length of time, stored in seconds. */
import { Duration as behaviour } from '@/core/fields/numeric';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
