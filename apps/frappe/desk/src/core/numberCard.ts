/** Number cards: which conditions hold for them, and how their number is written. Invariant: pure. */
import { conditionsOf } from './workspace';
import { evaluate } from './expressions';
import { toTuple, type Filter, type FilterTuple } from './filters';
import { parseJson } from './json';

export interface NumberCard {
  name: string;
  label?: string;
  type?: 'Document Type' | 'Report' | 'Custom';
  document_type?: string | null;
  function?: string | null;
  aggregate_function_based_on?: string | null;
  method?: string | null;
  report_name?: string | null;
  report_field?: string | null;
  report_function?: string | null;
  filters_json?: string | null;
  dynamic_filters_json?: string | null;
  show_percentage_stats?: number;
  stats_time_interval?: string | null;
  currency?: string | null;
  color?: string | null;
  show_full_number?: number;
  [key: string]: unknown;
}

/** The card's fixed conditions, and those whose value is worked out at this moment (`frappe.datetime.nowdate()`). */
export function cardFilters(card: Pick<NumberCard, 'document_type' | 'filters_json' | 'dynamic_filters_json'>, names: Readonly<Record<string, unknown>>): Filter[] {
  const doctype = card.document_type ?? '';
  const worked = conditionsOf(card.dynamic_filters_json, doctype).flatMap((filter): Filter[] => {
    const value = workOut(String(filter.value), names);
    return value === undefined ? [] : [{ ...filter, value }];
  });
  return [...conditionsOf(card.filters_json, doctype), ...worked];
}

/** The same, as the server takes them. */
export function cardTuples(card: NumberCard, names: Readonly<Record<string, unknown>>): FilterTuple[] {
  return cardFilters(card, names).map(toTuple);
}

/** The value of an expression; a condition whose value can't be worked out is left out rather than asked wrongly. */
function workOut(expression: string, names: Readonly<Record<string, unknown>>): unknown {
  try {
    return evaluate(`eval:${expression}`, { doc: {}, names });
  } catch {
    return undefined;
  }
}

/** Filters of reports are kept as an object; what can't be read means none. */
export function reportFilters(json: unknown): Record<string, unknown> {
  const read = parseJson<unknown>(json, {});
  return read !== null && typeof read === 'object' && !Array.isArray(read) ? (read as Record<string, unknown>) : {};
}

/** A column of a report's rows brought down to one number. */
export function aggregate(values: readonly number[], how: string | null | undefined): number {
  if (!values.length) return 0;
  const sum = values.reduce((total, value) => total + value, 0);
  if (how === 'Average') return sum / values.length;
  if (how === 'Minimum') return Math.min(...values);
  return how === 'Maximum' ? Math.max(...values) : sum;
}
