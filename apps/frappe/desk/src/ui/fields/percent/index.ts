/** A percentage; the value 12.5 means 12.5 %. */
import { Percent as behaviour } from '@/core/fields/numeric';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
