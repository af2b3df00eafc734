/** An amount of money with its currency. */
import { Currency as behaviour } from '@/core/fields/numeric';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
