/** In a Table MultiSelect each row holds one link: the first Link field of the child DocType. */
import type { DocField } from '@/core/meta/types';

export function linkFieldOf(childFields: readonly DocField[]): DocField | undefined {
  return childFields.find((field) => field.fieldtype === 'Link');
}
