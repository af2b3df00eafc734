/** Sums shown under a table and in the bar at the foot of a form. Invariant: shown only; what is stored, the server computes. */
import { toNumber } from '../format/number';
import { round } from '../format/number';
import type { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import type { Doc } from './types';

const NUMBERS = new Set(['Int', 'Float', 'Currency']);
const ADDS_UP = /(^|_)(qty|quantity|amount|total|value|debit|credit|weight|volume|count|pieces|fee|tax|discount_amount)(_|$)/;
const PER_UNIT = /(^|_)(rate|price|percent|factor|per|unit|after|before)(_|$)/;

/** Whether the sum of this column means something: amounts do, prices don't. */
export function addsUp(field: DocField): boolean {
  return NUMBERS.has(field.fieldtype) && ADDS_UP.test(field.fieldname) && !PER_UNIT.test(field.fieldname);
}

/** The sum of a column, free of binary dust. */
export function columnSum(rows: readonly Doc[], fieldname: string): number {
  return round(rows.reduce((sum, row) => sum + toNumber(row[fieldname]), 0), 9);
}

const TOTALS = [
  'total_qty', 'total_quantity', 'total_weight', 'net_total', 'total', 'total_amount', 'discount_amount', 'shipping_fee',
  'total_taxes_and_charges', 'total_tax', 'tax_amount', 'total_debit', 'total_credit', 'difference', 'grand_total', 'rounded_total',
  'paid_amount', 'outstanding_amount',
];

/** The fields that sum a document up, in the order people read them; empty when the DocType has no totals. */
export function totalFields(meta: Meta): DocField[] {
  const fields = TOTALS.map((name) => meta.field(name)).filter((field): field is DocField => field !== undefined && NUMBERS.has(field.fieldtype));
  return fields.filter((field) => !field.hidden);
}
