/**
 * Conditions on documents: `depends_on` and its family, filters of links and lists, simple formulas.
 *
 * An expression is one of
 *
 * - a field's name: true when the field has a value (a table: when it has rows);
 * - `eval:` and an expression of the JavaScript subset that `parse` reads, about `doc`, `parent` and what the caller
 *   lends (`frappe.boot`, `frappe.session.user` …);
 * - `fn:` and the name of a form script's handler, when the scope says how to run one.
 *
 * Invariant: nothing is ever handed to the browser's own `eval`, so a strict Content-Security-Policy holds; the same
 * text has the same value here and on the server, which `tests/expressions/table.json` proves for both.
 */

import { EvaluationError, evaluateNode, readMember, truthy, Undecidable, type Scope } from './evaluate';
import { ExpressionError, ExpressionSyntaxError, parse, type Node } from './parse';

export { EvaluationError, ExpressionError, ExpressionSyntaxError };
export type { Scope };

/** A scope that can also run the handlers that `fn:` names. */
export interface FormScope extends Scope {
  runHandler?: (name: string) => unknown;
}

export type Condition = string | boolean | number | null | undefined | ((doc: object | null | undefined) => unknown);

type Compiled = (scope: FormScope) => unknown;

const EVAL = 'eval:';
const HANDLER = 'fn:';
const MAX_CACHED = 8192;

const cache = new Map<string, Compiled>();
const logged = new Set<string>();

/**
 * Give the value of an expression for a document, and for the one it is a row of.
 *
 * A bare field name gives a boolean. Throws `ExpressionSyntaxError` and `EvaluationError`.
 */
export function evaluate(expression: string, scope: FormScope): unknown {
  const run = compiled(expression);
  try {
    return run(scope);
  } catch (error) {
    if (error instanceof Undecidable) throw new EvaluationError(expression, error.message);
    throw error;
  }
}

/**
 * Tell whether a condition holds, for showing: no condition holds always, one that fails never does.
 *
 * What fails is logged once per text. A boolean is its own answer, a function is asked with the document.
 */
export function isMet(condition: Condition, scope: FormScope): boolean {
  if (condition === null || condition === undefined || condition === '') return true;
  if (typeof condition === 'function') return truthy(condition(scope.doc));
  if (typeof condition !== 'string') return truthy(condition);
  try {
    return truthy(evaluate(condition, scope));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    logOnce(error.message);
    return false;
  }
}

/** Throw `ExpressionSyntaxError` unless the text is an expression, a field name or empty. */
export function check(expression: string): void {
  if (expression) compiled(expression);
}

function compiled(expression: string): Compiled {
  const known = cache.get(expression);
  if (known) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const made = compile(expression);
  cache.set(expression, made);
  return made;
}

function compile(expression: string): Compiled {
  const text = expression.trim();
  if (text.startsWith(EVAL)) {
    const tree = read(expression, text.slice(EVAL.length));
    return (scope) => evaluateNode(tree, scope);
  }
  if (text.startsWith(HANDLER)) return handler(expression, text.slice(HANDLER.length).trim());
  return (scope) => hasValue(scope.doc, text);
}

/** Read a text; an error names the whole expression. */
function read(expression: string, text: string): Node {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof ExpressionSyntaxError ? new ExpressionSyntaxError(expression, error.reason) : error;
  }
}

function handler(expression: string, name: string): Compiled {
  return (scope) => {
    if (!scope.runHandler) {
      throw new ExpressionSyntaxError(expression, 'handlers of form scripts run in a form only; not supported');
    }
    return scope.runHandler(name);
  };
}

function hasValue(doc: object | null | undefined, fieldname: string): boolean {
  if (!doc) return false;
  const value = readMember(doc, fieldname);
  return Array.isArray(value) ? value.length > 0 : truthy(value);
}

function logOnce(message: string): void {
  if (logged.has(message)) return;
  logged.add(message);
  console.warn(`condition not met, because it can't be evaluated: ${message}`);
}
