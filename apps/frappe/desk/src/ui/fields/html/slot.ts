/**
 * The element that a form script fills for an HTML field. It belongs to the field object of one form, so it survives redrawing.
 * What scripts of the site put there is theirs: it is not sanitised, as they are code of the site.
 */
import { shallowReactive, toRaw } from 'vue';
import type { DocField } from '@/core/meta/types';

const slots = shallowReactive(new Map<DocField, HTMLElement>());

/** The element of a field, if a script asked for one. */
export function htmlSlot(field: DocField): HTMLElement | null {
  return slots.get(toRaw(field)) ?? null;
}

/** The element of a field, made on the first call. */
export function ensureHtmlSlot(field: DocField): HTMLElement {
  const key = toRaw(field);
  let element = slots.get(key);
  if (!element) {
    element = document.createElement('div');
    slots.set(key, element);
  }
  return element;
}
