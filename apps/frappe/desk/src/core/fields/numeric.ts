/** Int, Float, Currency, Percent, Check, Rating, Duration. Invariant: their values are numbers in the model. */
import type { Doc } from '../document/types';
import type { FormatContext } from '../format/context';
import { formatDuration, parseDuration } from '../format/duration';
import { formatNumber, NotANumber, parseNumber, parseNumberFormat, round, toInteger, toNumber } from '../format/number';
import { __ } from '../i18n';
import type { DocField } from '../meta/types';
import { BadInput, behaviour, NUMBER_OPERATORS, type FieldBehaviour } from './types';

/** The number of decimal places of a numeric field: its own, else the currency's or the site's. */
export function precisionOf(field: DocField, context: FormatContext, currency?: string): number {
  if (field.precision !== undefined && field.precision !== null && field.precision !== '') return Number(field.precision);
  if (field.fieldtype === 'Int') return 0;
  if (field.fieldtype !== 'Currency') return context.floatPrecision;
  const own = currency ? context.currencies[currency]?.number_format : undefined;
  return own ? parseNumberFormat(own).precision : context.currencyPrecision;
}

/**
 * The currency of a Currency field. Its options name a field of the document (`currency`), a currency, or the path
 * `Company:company:default_currency` (DocType : link field here : field there). Else the document's, else the site's.
 */
export function currencyOf(field: DocField, context: FormatContext, doc?: Partial<Doc>): string {
  const [first = '', link, source] = String(field.options ?? '').split(':');
  const named = link && source ? linkedCurrency(first, link, source, context, doc) : (doc?.[first] ?? (context.currencies[first] && first));
  if (typeof named === 'string' && named) return named;
  return !link && typeof doc?.currency === 'string' && doc.currency ? doc.currency : context.currency;
}

function linkedCurrency(doctype: string, link: string, source: string, context: FormatContext, doc?: Partial<Doc>): unknown {
  const name = doc?.[link];
  return typeof name === 'string' && name ? context.linked?.(doctype, name, source) : undefined;
}

function readNumber(text: string, field: DocField, context: FormatContext): number {
  try {
    const number = parseNumber(text, context.numberFormat) ?? 0;
    if (field.non_negative && number < 0) throw new BadInput(__('{0} cannot be negative', [__(field.label ?? '')]));
    return number;
  } catch (error) {
    if (error instanceof NotANumber) throw new BadInput(__('"{0}" is not a number', [text.trim()]));
    throw error;
  }
}

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';
const numeric: Partial<FieldBehaviour> = { align: 'end', minWidth: 90, operators: NUMBER_OPERATORS, normalise: toNumber, isEmpty: (value) => toNumber(value) === 0 };

export const Int = behaviour('Int', {
  ...numeric,
  minWidth: 70,
  normalise: toInteger,
  format: (value, _field, context) => (isBlank(value) ? '' : formatNumber(toInteger(value), context.numberFormat, { precision: 0 })),
  parse: (text, field, context) => Math.trunc(readNumber(text, field, context)),
});

export const Float = behaviour('Float', {
  ...numeric,
  format: (value, field, context) => isBlank(value) ? '' : formatNumber(toNumber(value), context.numberFormat, {
    precision: precisionOf(field, context), rounding: context.rounding, trim: isBlank(field.precision),
  }),
  parse: (text, field, context) => round(readNumber(text, field, context), Math.max(precisionOf(field, context), 9)),
});

/** Whether the head of a column or the label of a field says "%" already. */
const saysPercent = (label: unknown): boolean => /[%％]/.test(String(label ?? ''));

export const Percent = behaviour('Percent', {
  ...numeric,
  minWidth: 70,
  format: (value, field, context) => {
    if (isBlank(value)) return '';
    const number = formatNumber(toNumber(value), context.numberFormat, { precision: isBlank(field.precision) ? 2 : Number(field.precision), trim: isBlank(field.precision) });
    return saysPercent(field.label) ? number : `${number}%`;
  },
  parse: (text, field, context) => readNumber(text, field, context),
});

export const Currency = behaviour('Currency', {
  ...numeric,
  minWidth: 100,
  format: (value, field, context, doc) => {
    if (isBlank(value)) return '';
    const currency = currencyOf(field, context, doc);
    const pattern = context.currencies[currency]?.number_format || context.numberFormat;
    return formatNumber(toNumber(value), pattern, { precision: precisionOf(field, context, currency), rounding: context.rounding });
  },
  parse: (text, field, context) => readNumber(text, field, context),
});

const YES = new Set(['1', 'true', 'yes', 'y', 'on', 'x', '✓', '√', '是', '对']);

export const Check = behaviour('Check', {
  align: 'center',
  minWidth: 60,
  operators: ['=', '!='],
  normalise: (value) => (toNumber(value) || value === true || value === 'true' ? 1 : 0),
  isEmpty: () => false,
  format: (value) => (toNumber(value) ? __('Yes') : __('No')),
  parse: (text) => (YES.has(text.trim().toLowerCase()) ? 1 : 0),
});

export const Rating = behaviour('Rating', {
  ...numeric,
  align: 'start',
  format: (value, field) => (isBlank(value) ? '' : `${Math.round(toNumber(value) * starsOf(field) * 2) / 2} / ${starsOf(field)}`),
  parse: (text, field, context) => Math.min(1, readNumber(text, field, context) / starsOf(field)),
});

/** How many stars a rating has: 3 to 10, 5 unless its options say otherwise. The stored value is a share from 0 to 1. */
export function starsOf(field: DocField): number {
  const stars = toInteger(field.options);
  return stars >= 3 && stars <= 10 ? stars : 5;
}

export const Duration = behaviour('Duration', {
  ...numeric,
  format: (value, field) => formatDuration(toNumber(value), { hideDays: Boolean(field.hide_days), hideSeconds: Boolean(field.hide_seconds) }),
  parse: (text) => {
    if (!text.trim()) return 0;
    const seconds = parseDuration(text);
    if (seconds === null) throw new BadInput(__('"{0}" is not a duration; write for example 2h 30m', [text.trim()]));
    return seconds;
  },
});
