/** A document whose DocType another field names. */
import { DynamicLink as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
