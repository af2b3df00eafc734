/**
 * The `depends_on` family: `eval:<expression>`, the name of a field (true when it has a value), or `fn:<handler>` (a form
 * script's handler, when the form has scripts to ask).
 * Invariant: a condition that can't be evaluated never hides or demands anything; it is reported once.
 */
import { evaluate, type FormScope } from '../expressions';
import type { Doc } from '../document/types';

const reported = new Set<string>();
let names: Readonly<Record<string, unknown>> = {};

export interface ConditionScope { doc: Partial<Doc>; parent?: Partial<Doc>; runHandler?: FormScope['runHandler'] }

/** Names that conditions may use besides `doc` and `parent`: `frappe.boot`, `frappe.session.user` … */
export function lendNames(lent: Readonly<Record<string, unknown>>): void {
  names = lent;
}

/** Whether `condition` is met. Empty → `whenEmpty`; not evaluable → `whenBroken`. */
export function holds(condition: string | null | undefined, scope: ConditionScope, whenEmpty: boolean, whenBroken = whenEmpty): boolean {
  const text = typeof condition === 'string' ? condition.trim() : '';
  if (!text) return whenEmpty;
  try {
    return Boolean(evaluate(text, { ...scope, parent: scope.parent ?? scope.doc, names }));
  } catch (error) {
    report(text, error);
    return whenBroken;
  }
}

function report(condition: string, error: unknown): void {
  if (reported.has(condition)) return;
  reported.add(condition);
  console.warn(`The condition ${condition} cannot be evaluated`, error);
}
