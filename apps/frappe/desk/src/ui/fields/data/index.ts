/** A short text; its options may say that it is an address for mail, telephone or the web. */
import { Data as behaviour } from '@/core/fields/textual';
import { defineField } from '../types';
import Edit from './Edit.vue';
import Show from './Show.vue';

export default defineField({ behaviour, edit: Edit, show: Show });
