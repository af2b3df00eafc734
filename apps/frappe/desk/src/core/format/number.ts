/**
 * Numbers: rounding, showing and reading in the site's number format.
 * Invariant: `parseNumber(formatNumber(x, f, p), f)` is `x` rounded to `p` places, for every format.
 */
import { toHalfWidth } from '../text';

export interface NumberFormat {
  decimal: string;
  group: string;
  precision: number;
  /** Groups of two after the first three (lakh, crore). */
  indian: boolean;
}

export type Rounding = 'Commercial Rounding' | "Banker's Rounding" | "Banker's Rounding (legacy)";

/** Reads a format such as `#,###.##`, `#.###,##`, `# ###.##`, `#,##,###.##`, `#,###`. */
export function parseNumberFormat(pattern: string): NumberFormat {
  const body = pattern.replace(/^#/, '');
  const indian = pattern.includes('#,##,###');
  // A single sign before exactly three places groups thousands (`#,###`); everywhere else the last sign is the decimal one.
  if (/^[^#]+###$/.test(body)) return { decimal: '', group: body.replace(/#/g, ''), precision: 0, indian };
  const [, decimal = '', places = ''] = /([.,])(#+)$/.exec(body) ?? [];
  const group = (body.match(/[^#]+(?=###)/g) ?? []).find((sign) => sign !== decimal) ?? '';
  return { decimal, group, precision: places.length, indian };
}

/** Any value as a finite number; text may carry group separators. Not a number → 0. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return 0;
  const number = Number.parseFloat(value.replace(/,/g, ''));
  return Number.isFinite(number) ? number : 0;
}

/** Any value as a whole number, cut towards zero. Not a number → 0. */
export function toInteger(value: unknown): number {
  return Math.trunc(toNumber(value));
}

/** Rounds to `precision` places: halves away from zero, or to even with the banker's methods. */
export function round(value: number, precision: number, method: string = 'Commercial Rounding'): number {
  if (!Number.isFinite(value)) return 0;
  const sign = value < 0 ? -1 : 1;
  const scaled = shift(Math.abs(value), precision);
  const floor = Math.floor(scaled);
  // A binary fraction of a decimal half is off by a few units in the last place; within that it is a half.
  const isHalf = Math.abs(scaled - floor - 0.5) < Math.min(0.01, Math.max(1e-12, scaled * 2 ** -50));
  const up = isHalf ? !method.startsWith('Banker') || floor % 2 === 1 : scaled - floor > 0.5;
  return sign * shift(floor + (up ? 1 : 0), -precision) || 0;
}

/** Moves the decimal point in the decimal text of the number, which is exact where multiplying is not. */
function shift(value: number, places: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Frappe's `flt`: a number, rounded when a precision is given. */
export function flt(value: unknown, precision?: number | null, method?: string): number {
  const number = toNumber(value);
  return precision === undefined || precision === null ? number : round(number, precision, method);
}

function grouped(digits: string, format: NumberFormat): string {
  if (!format.group) return digits;
  if (!format.indian) return digits.replace(/\B(?=(\d{3})+$)/g, format.group);
  const tail = digits.slice(-3);
  const head = digits.slice(0, -3);
  return head ? `${head.replace(/\B(?=(\d{2})+$)/g, format.group)}${format.group}${tail}` : tail;
}

export interface ShowNumber {
  precision: number;
  rounding?: string;
  /** Leave out zeros at the end of the fraction: quantities read better as `10` than as `10.000`. */
  trim?: boolean;
}

/** Shows a number in the given format. */
export function formatNumber(value: number, pattern: string, { precision, rounding, trim }: ShowNumber): string {
  const format = parseNumberFormat(pattern);
  const rounded = round(value, precision, rounding);
  const [whole = '0', fraction = ''] = Math.abs(rounded).toFixed(Math.min(precision, 20)).split('.');
  const shown = trim ? fraction.replace(/0+$/, '') : fraction;
  const text = grouped(whole, format) + (shown ? (format.decimal || '.') + shown : '');
  return rounded < 0 ? `-${text}` : text;
}

/** The plain decimal text of a number in the given format, for an input: no groups. */
export function editableNumber(value: number, pattern: string, precision: number): string {
  const { decimal } = parseNumberFormat(pattern);
  const text = round(value, precision).toFixed(Math.min(precision, 20));
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return decimal === ',' ? trimmed.replace('.', ',') : trimmed;
}

/** Text that was meant as a number but isn't one. */
export class NotANumber extends Error {}

/**
 * Reads what a person typed: groups, full-width digits, a leading currency sign, a trailing percent sign, and sums
 * such as `3*12+5`. Empty text is `null`. Raises `NotANumber` for anything else.
 */
export function parseNumber(text: string, pattern: string): number | null {
  const { decimal, group } = parseNumberFormat(pattern);
  let plain = toHalfWidth(text).replace(/[\s\u00a0¥￥$€£%]/g, '');
  if (plain === '') return null;
  if (group.trim()) plain = plain.split(group.trim()).join('');
  if (decimal && decimal !== '.') plain = plain.split(decimal).join('.');
  const result = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : calculate(plain);
  if (!Number.isFinite(result)) throw new NotANumber(text);
  return result;
}

/** Works out `+ - * / ( )` over decimal numbers, without evaluating code. Raises `NotANumber`. */
export function calculate(source: string): number {
  const tokens = source.match(/\d+\.?\d*|\.\d+|[-+*/()]/g) ?? [];
  if (tokens.join('') !== source || tokens.length === 0) throw new NotANumber(source);
  let at = 0;
  const factor = (): number => {
    const token = tokens[at++];
    if (token === '-') return -factor();
    if (token === '+') return factor();
    if (token === '(') {
      const inner = sum();
      if (tokens[at++] !== ')') throw new NotANumber(source);
      return inner;
    }
    if (token === undefined || Number.isNaN(Number(token))) throw new NotANumber(source);
    return Number(token);
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === '*' || tokens[at] === '/') value = tokens[at++] === '*' ? value * factor() : value / factor();
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') value = tokens[at++] === '+' ? value + product() : value - product();
    return value;
  };
  const value = sum();
  if (at !== tokens.length) throw new NotANumber(source);
  // 0.1+0.2 should read 0.3: twelve digits are more than any money or quantity field keeps.
  return Number(value.toPrecision(12));
}
