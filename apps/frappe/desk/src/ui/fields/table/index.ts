/** Rows of a child DocType. */
import { Table as behaviour } from '@/core/fields/structural';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show, labelled: 'own', inCell: false });
