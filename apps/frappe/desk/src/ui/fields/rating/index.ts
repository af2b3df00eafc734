/** Stars; the value is a share from 0 to 1. */
import { Rating as behaviour } from '@/core/fields/numeric';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
