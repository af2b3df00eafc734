/** Which other views of its list a DocType allows, and on which fields they stand. Invariant: pure; `list` and `report` fit every DocType. */
import { choicesOf } from '../fields/textual';
import type { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';

export type ViewName = 'list' | 'report' | 'kanban' | 'calendar' | 'gantt' | 'tree' | 'image' | 'map' | 'dashboard';

/** The views that fit, in the order in which they are offered. */
export function viewsOf(meta: Meta): ViewName[] {
  const fits: Record<ViewName, boolean> = {
    list: true, report: true, kanban: boardFields(meta).length > 0, calendar: dateFields(meta).length > 0, gantt: spanOf(meta) !== null,
    tree: meta.isTree, image: Boolean(meta.data.image_field && meta.has(String(meta.data.image_field))), map: placeFields(meta) !== null, dashboard: groupFields(meta).length > 0,
  };
  return (Object.keys(fits) as ViewName[]).filter((view) => fits[view]);
}

/** The view an address means; the list for anything that does not fit. */
export function viewOf(meta: Meta, name: string): ViewName {
  return viewsOf(meta).find((view) => view === name) ?? 'list';
}

/** Fields whose choices may be the columns of a board: the state first. */
export function boardFields(meta: Meta): DocField[] {
  const fields = meta.fields.filter((field) => field.fieldtype === 'Select' && !field.hidden && choicesOf(field).filter(({ value }) => value).length > 1);
  return fields.sort((left, right) => Number(right.fieldname === meta.statusField) - Number(left.fieldname === meta.statusField));
}

/** Fields with a day, those of the business before the record's own. */
export function dateFields(meta: Meta): DocField[] {
  return meta.fields.filter((field) => (field.fieldtype === 'Date' || field.fieldtype === 'Datetime') && !field.hidden && !field.is_virtual);
}

/** Beginning and end of what lasts: two date fields of which the names say so. */
export function spanOf(meta: Meta): { start: DocField; end: DocField } | null {
  const fields = dateFields(meta);
  const end = fields.find((field) => /(^|_)(end|to|until|due|schedule|expected|finish)/.test(field.fieldname));
  const start = fields.find((field) => field !== end && /(^|_)(start|from|begin|order|posting|transaction)/.test(field.fieldname)) ?? fields.find((field) => field !== end);
  return start && end ? { start, end } : null;
}

export interface PlaceFields { place: string | null; latitude: string; longitude: string }

/** Where a document lies: a field with places, or two with degrees. */
export function placeFields(meta: Meta): PlaceFields | null {
  const place = meta.fields.find((field) => field.fieldtype === 'Geolocation' && !field.hidden);
  if (place) return { place: place.fieldname, latitude: '', longitude: '' };
  return meta.has('latitude') && meta.has('longitude') ? { place: null, latitude: 'latitude', longitude: 'longitude' } : null;
}

/** Fields worth counting by. */
export function groupFields(meta: Meta): DocField[] {
  const fields = meta.fields.filter((field) => ['Select', 'Link', 'Check'].includes(field.fieldtype) && !field.hidden && !field.is_virtual && !['amended_from', 'naming_series'].includes(field.fieldname));
  const weight = (field: DocField): number => Number(field.fieldname === meta.statusField) * 4 + Number(Boolean(field.in_standard_filter)) * 2 + Number(Boolean(field.in_list_view));
  return fields.sort((left, right) => weight(right) - weight(left));
}
