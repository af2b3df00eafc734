/**
 * Conditions on a list. Invariant: a `Filter` that `isComplete` turns into upstream's `[doctype, field, operator, value]`
 * and back without loss.
 */
import { parseJson } from './json';
import { __ } from './i18n';
import { addDays, addMonths } from './format/date';
import { behaviourOf } from './fields/registry';
import type { Operator } from './fields/types';
import type { DocField } from './meta/types';
import type { Meta } from './meta/meta';

export interface Filter { doctype: string; fieldname: string; operator: Operator; value: unknown }
export type FilterTuple = [string, string, string, unknown];

/** The operators that make sense for a field, the usual one first. */
export function operatorsFor(field: DocField, isTree = false): readonly Operator[] {
  const all = behaviourOf(field).operators;
  return isTree ? all : all.filter((operator) => !operator.endsWith('of'));
}

/** The operator that a new filter on the field starts with. */
export function usualOperator(field: DocField): Operator {
  return behaviourOf(field).operators[0] ?? '=';
}

/** The operator in words. */
export function operatorLabel(operator: Operator): string {
  const labels: Record<Operator, string> = {
    '=': __('is', null, 'Desk'), '!=': __('is not', null, 'Desk'), like: __('contains', null, 'Desk'), 'not like': __('does not contain'), in: __('is one of'),
    'not in': __('is none of'), is: __('is set or not'), '>': __('greater than'), '<': __('less than'), '>=': __('at least'),
    '<=': __('at most'), Between: __('between', null, 'Desk'), Timespan: __('within', null, 'Desk'), 'descendants of': __('is below'),
    'not descendants of': __('is not below'), 'ancestors of': __('is above'), 'not ancestors of': __('is not above'),
  };
  return labels[operator];
}

/** Whether the filter says enough to be asked. */
export function isComplete({ operator, value }: Filter): boolean {
  if (operator === 'Between') return Array.isArray(value) && value.length === 2 && value.every((part) => part !== '' && part !== null && part !== undefined);
  if (operator === 'in' || operator === 'not in') return Array.isArray(value) && value.length > 0;
  return value !== null && value !== undefined && value !== '';
}

/** As the server expects it: `like` gets its per-cent signs when the person gave none. */
export function toTuple({ doctype, fieldname, operator, value }: Filter): FilterTuple {
  const isLike = operator === 'like' || operator === 'not like';
  const text = String(value ?? '');
  return [doctype, fieldname, operator, isLike && !text.includes('%') ? `%${text}%` : value];
}

/** Reads upstream's forms: `[doctype, field, op, value]`, `[field, op, value]`, `{field: value}`, `{field: [op, value]}`. */
export function readFilters(source: unknown, doctype: string): Filter[] {
  if (Array.isArray(source)) return source.flatMap((item) => readOne(item, doctype));
  if (source === null || typeof source !== 'object') return [];
  return Object.entries(source).flatMap(([fieldname, value]) => readPair(doctype, fieldname, value));
}

function readOne(item: unknown, doctype: string): Filter[] {
  if (!Array.isArray(item)) return [];
  if (item.length >= 4) return [filterOf(String(item[0]), String(item[1]), String(item[2]), item[3])];
  if (item.length === 3) return [filterOf(doctype, String(item[0]), String(item[1]), item[2])];
  return item.length === 2 ? readPair(doctype, String(item[0]), item[1]) : [];
}

function readPair(doctype: string, fieldname: string, value: unknown): Filter[] {
  const [owner, field] = fieldname.includes('.') ? fieldname.split('.') : [doctype, fieldname];
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string') return [filterOf(owner!, field!, value[0], value[1])];
  return [filterOf(owner!, field!, '=', value)];
}

const OPERATORS = new Map<string, Operator>(
  (['=', '!=', 'like', 'not like', 'in', 'not in', 'is', '>', '<', '>=', '<=', 'Between', 'Timespan', 'descendants of',
    'not descendants of', 'ancestors of', 'not ancestors of'] as Operator[]).map((operator) => [operator.toLowerCase(), operator]),
);

function filterOf(doctype: string, fieldname: string, operator: string, value: unknown): Filter {
  const known = OPERATORS.get(operator.toLowerCase()) ?? '=';
  const isLike = known === 'like' || known === 'not like';
  return { doctype, fieldname, operator: known, value: isLike ? String(value ?? '').replace(/^%(.*)%$/s, '$1') : value };
}

/** As query parameters of an address: `status=Draft`, `qty=[">",5]`. */
export function toQuery(filters: readonly Filter[], doctype: string): Record<string, string | string[]> {
  const query: Record<string, string[]> = {};
  for (const filter of filters.filter(isComplete)) {
    const key = filter.doctype === doctype ? filter.fieldname : `${filter.doctype}.${filter.fieldname}`;
    const isPlain = filter.operator === '=' && typeof filter.value === 'string' && !filter.value.startsWith('[');
    (query[key] ??= []).push(isPlain ? String(filter.value) : JSON.stringify([filter.operator, filter.value]));
  }
  return Object.fromEntries(Object.entries(query).map(([key, values]) => [key, values.length === 1 ? values[0]! : values]));
}

/** Reads `toQuery` back; parameters that name no field are left alone. */
export function fromQuery(query: Readonly<Record<string, unknown>>, meta: Meta): Filter[] {
  return Object.entries(query).flatMap(([key, raw]) => {
    const field = key.includes('.') ? key : meta.field(key) ? key : null;
    if (!field) return [];
    return (Array.isArray(raw) ? raw : [raw]).flatMap((value) => readPair(meta.name, key, parseJson<unknown>(String(value), value)));
  });
}

export const TIMESPANS = [
  'today', 'yesterday', 'this week', 'last week', 'this month', 'last month', 'this quarter', 'last quarter', 'this year',
  'last year', 'last 7 days', 'last 14 days', 'last 30 days', 'last 90 days', 'last 6 months', 'next week', 'next month',
] as const;

/** A time span in words. */
export function timespanLabel(span: string): string {
  const labels: Record<string, string> = {
    today: __('Today'), yesterday: __('Yesterday'), 'this week': __('This week'), 'last week': __('Last week'),
    'this month': __('This month'), 'last month': __('Last month'), 'this quarter': __('This quarter'),
    'last quarter': __('Last quarter'), 'this year': __('This year'), 'last year': __('Last year'),
    'last 7 days': __('Last 7 days'), 'last 14 days': __('Last 14 days'), 'last 30 days': __('Last 30 days'),
    'last 90 days': __('Last 90 days'), 'last 6 months': __('Last 6 months'), 'next week': __('Next week'),
    'next month': __('Next month'),
  };
  return labels[span] ?? span;
}

/** The ranges offered when a date filter is being written: label and both ends, from the present day. */
export function quickRanges(today: string): { label: string; range: [string, string] }[] {
  const monthStart = `${today.slice(0, 7)}-01`;
  const lastMonth = addMonths(monthStart, -1);
  return [
    { label: __('Today'), range: [today, today] },
    { label: __('Last 7 days'), range: [addDays(today, -6), today] },
    { label: __('Last 30 days'), range: [addDays(today, -29), today] },
    { label: __('This month'), range: [monthStart, addDays(addMonths(monthStart, 1), -1)] },
    { label: __('Last month'), range: [lastMonth, addDays(monthStart, -1)] },
  ];
}

/** Values that a new document should take over from the list it is created from. */
export function valuesFromFilters(filters: readonly Filter[], doctype: string): Record<string, unknown> {
  const plain = filters.filter((filter) => filter.doctype === doctype && filter.operator === '=' && typeof filter.value !== 'object');
  return Object.fromEntries(plain.map((filter) => [filter.fieldname, filter.value]));
}

/** Several values out of text separated by commas (Chinese ones too), or out of a list. */
export function splitList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return String(value ?? '').split(/[,，\n]/).map((part) => part.trim()).filter(Boolean);
}

const MOST_NAMED = 4;

/** Many values in few words: the first ones and how many more there are. */
function listed(values: readonly string[]): string {
  if (values.length <= MOST_NAMED) return values.join(', ');
  const first = values.slice(0, MOST_NAMED - 1).join(', ');
  return __('{0} and {1} more', [first, values.length - MOST_NAMED + 1]);
}

/** A condition in words: `Status is Draft`. `show` gives the value as text. */
export function describe(filter: Filter, label: string, show: (value: unknown) => string): string {
  const { operator, value } = filter;
  if (operator === 'is') return value === 'set' ? __('{0} has a value', [label]) : __('{0} is empty', [label]);
  const several = (values: unknown[]): string => (operator === 'Between' ? values.map(show).join(' – ') : listed(values.map(show)));
  const text = operator === 'Timespan' ? timespanLabel(String(value)) : Array.isArray(value) ? several(value) : show(value);
  return `${label} ${operatorLabel(operator)} ${text}`;
}
