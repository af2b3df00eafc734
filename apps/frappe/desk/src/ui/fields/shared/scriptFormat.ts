/**
 * A field's own way to show its value, which a form script gives as `formatter(value, df, options, doc)` (upstream: `df.formatter`).
 * Invariant: it gives HTML; what stands in a cell or an input is its text.
 */
import type { Doc } from '@/core/document/types';
import type { DocField } from '@/core/meta/types';

type Formatter = (value: unknown, field: DocField, options: object, doc: Doc) => unknown;

/** The text of a value by the script's formatter; `null` where the field has none. */
export function formattedByScript(field: DocField, value: unknown, doc: Doc): string | null {
  const formatter = (field as { formatter?: unknown }).formatter;
  if (typeof formatter !== 'function') return null;
  const html = String((formatter as Formatter)(value, field, {}, doc) ?? '');
  if (!/[<&]/.test(html)) return html;
  return new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '';
}
