/** The global helpers of upstream's scripts for numbers, texts and lists. Invariant: pure; they never throw on odd input. */
import type { Doc } from '@/core/document/types';
import { currencyOf, precisionOf } from '@/core/fields/numeric';
import { formatValue } from '@/core/fields/registry';
import { formatNumber, parseNumberFormat, flt as toFloat, toInteger, toNumber } from '@/core/format/number';
import type { DocField } from '@/core/meta/types';
import { stripHtml } from '@/core/text';
import type { DeskServices } from '@/ui/services';
import type { Any, Bag } from './types';

/** Text made safe for HTML. */
export function escapeHtml(text: unknown): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(text ?? '').replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

const cstr = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** The value of a field as HTML text. */
export function formatAsHtml(desk: DeskServices, value: unknown, field: Partial<DocField> | null, doc?: Partial<Doc>): string {
  return escapeHtml(formatValue(value, { fieldname: '', fieldtype: 'Data', ...field }, desk.format, doc));
}

/** A number in a currency: `¥ 1,234.50`. */
export function formatCurrency(desk: DeskServices, value: unknown, currency?: string | null, decimals?: number): string {
  const { format } = desk;
  const code = currency || format.currency;
  const known = format.currencies[code];
  const precision = decimals ?? precisionOf({ fieldname: '', fieldtype: 'Currency' }, format, code);
  const number = formatNumber(toNumber(value), known?.number_format || format.numberFormat, { precision, rounding: format.rounding });
  const symbol = known?.symbol ?? code;
  return known?.symbol_on_right ? `${number} ${symbol}` : `${symbol} ${number}`;
}

/** The decimal places of a field: `precision("rate", row)`. */
export function precisionGlobal(desk: DeskServices, fieldOf: (doctype: string, fieldname: string) => DocField | undefined): (fieldname: string | DocField, doc?: Partial<Doc>) => number {
  return (fieldname, doc) => {
    const field = typeof fieldname === 'string' ? fieldOf(String(doc?.doctype ?? ''), fieldname) : fieldname;
    if (!field) return desk.format.floatPrecision;
    return precisionOf(field, desk.format, field.fieldtype === 'Currency' ? currencyOf(field, desk.format, doc) : undefined);
  };
}

/** The global functions that need nothing but their arguments and the formats. */
export function valueGlobals(desk: DeskServices): Bag {
  const rounding = desk.format.rounding;
  return {
    flt: (value: unknown, precision?: number, _format?: string, method?: string) => toFloat(value, precision, method ?? rounding),
    cint: (value: unknown, fallback?: number) => (value === undefined || value === null || value === '' ? (fallback ?? 0) : toInteger(value)),
    cstr,
    roundNumber: (value: unknown, precision = 0) => toFloat(value, precision, rounding),
    in_list: (list: unknown, item: unknown) => (Array.isArray(list) ? list.includes(item) : cstr(list).split('\n').includes(cstr(item))),
    has_common: (left: unknown[], right: unknown[]) => (left ?? []).some((item) => (right ?? []).includes(item)),
    is_null: (value: unknown) => value === null || value === undefined || cstr(value).trim() === '',
    copy_dict: (source: Bag) => ({ ...source }),
    repl: (text: string, values: Bag) => Object.entries(values ?? {}).reduce((result, [key, value]) => result.split(`%(${key})s`).join(cstr(value)), cstr(text)),
    strip: (text: unknown) => cstr(text).trim(),
    strip_html: (text: unknown) => stripHtml(cstr(text)),
    toTitle: (text: unknown) => cstr(text).replace(/\w\S*/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()),
    validate_email: (text: unknown) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cstr(text)),
    format_currency: (value: Any, currency?: string, decimals?: number) => formatCurrency(desk, value, currency, decimals),
    fmt_money: (value: Any, _precision?: number, currency?: string) => formatCurrency(desk, value, currency),
    format_number: (value: Any, pattern?: string | null, decimals?: number) => formatNumber(toNumber(value), pattern || desk.format.numberFormat, { precision: decimals ?? desk.format.floatPrecision, rounding }),
    get_number_format: () => desk.format.numberFormat,
    get_number_format_info: (pattern: string) => {
      const { decimal, group, precision } = parseNumberFormat(pattern);
      return { decimal_str: decimal, group_sep: group, precision };
    },
    get_currency_symbol: (currency?: string) => desk.format.currencies[currency || desk.format.currency]?.symbol ?? currency ?? '',
    round_based_on_smallest_currency_fraction: (value: Any, currency: string, precision = 2) => {
      const smallest = Number(desk.format.currencies[currency]?.smallest_currency_fraction_value ?? 0);
      return smallest ? toFloat(Math.round(toNumber(value) / smallest) * smallest, precision, rounding) : toFloat(value, precision, rounding);
    },
  };
}
