/** Static text of the form, or what a script puts there. */
import { HTML as behaviour } from '@/core/fields/structural';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show, labelled: 'none', inCell: false });
