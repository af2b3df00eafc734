/**
 * Values fetched from a linked document (`fetch_from: "sku.sku_name"`).
 * Invariant: pure: says what to ask for and what to set; the caller asks and sets.
 */
import { behaviourOf } from '../fields/registry';
import type { DocField } from '../meta/types';
import type { Doc } from './types';

export interface FetchRule { target: string; source: string; onlyIfEmpty: boolean }

/** What to fetch when `link` changes. `extra` holds rules that a script added (`frm.add_fetch`). */
export function fetchRules(fields: readonly DocField[], link: string, extra: Readonly<Record<string, FetchRule[]>> = {}): FetchRule[] {
  const declared = fields.flatMap((field) => {
    const [from, source] = String(field.fetch_from ?? '').split('.');
    return from === link && source ? [{ target: field.fieldname, source, onlyIfEmpty: Boolean(field.fetch_if_empty) }] : [];
  });
  return [...declared, ...(extra[link] ?? [])];
}

/** The values to set after the link changed; `fetched` is `null` when the link was cleared. */
export function fetchedValues(rules: readonly FetchRule[], fetched: Readonly<Record<string, unknown>> | null, doc: Doc, fields: readonly DocField[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { target, source, onlyIfEmpty } of rules) {
    const field = fields.find((item) => item.fieldname === target);
    const isFilled = field ? !behaviourOf(field).isEmpty(doc[target]) : Boolean(doc[target]);
    if (onlyIfEmpty && (isFilled || !fetched)) continue;
    values[target] = fetched ? (fetched[source] ?? '') : '';
  }
  return values;
}
