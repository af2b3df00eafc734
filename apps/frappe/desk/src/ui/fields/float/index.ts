/** A quantity. */
import { Float as behaviour } from '@/core/fields/numeric';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
