/**
 * Expressions evaluated: a tree is walked for every document.
 *
 * Invariant: evaluating reads the scope and nothing else, writes nothing, and throws only `EvaluationError`. Fields
 * are own fields: nothing reaches a prototype, and with it the browser.
 */

import { ExpressionError, type BinaryOperator, type Node } from './parse';

/** The expression has no value for this document: an unknown name, a field of nothing, a call of no function. */
export class EvaluationError extends ExpressionError {}

/**
 * What an expression can see: the document, the one it is a row of, and names that the caller lends it.
 *
 * `names` may hold values, nested objects and functions (`frappe.datetime.now_date`); it wins over the helpers that
 * are built in (`cint`, `in_list` …).
 */
export interface Scope {
  doc?: object | null | undefined;
  parent?: object | null | undefined;
  names?: Readonly<Record<string, unknown>>;
}

type Fn = (...values: unknown[]) => unknown;

/** Why an expression has no value; the caller adds the expression's text. */
export class Undecidable extends Error {}

/** A ?. met nothing: the chain around it is undefined. */
class Nothing extends Error {}

const NEVER = new Set(['constructor', '__proto__', 'prototype', 'caller', 'callee', 'arguments']);
const PLAIN_PROTOTYPES = new Set<unknown>([
  null,
  Object.prototype,
  Function.prototype,
  Array.prototype,
  String.prototype,
]);

/** Give the value of a tree for a scope. Throws `Undecidable`. */
export function evaluateNode(node: Node, scope: Scope): unknown {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'name':
      return named(node.name, scope);
    case 'array':
      return node.items.map((item) => evaluateNode(item, scope));
    case 'object':
      return fromEntries(node.entries, scope);
    case 'member':
      return member(node, scope);
    case 'call':
      return call(node, scope);
    case 'chain':
      return chain(node.inner, scope);
    case 'unary':
      return unary(node, scope);
    case 'binary':
      return binary(node, scope);
    case 'conditional':
      return evaluateNode(truthy(evaluateNode(node.test, scope)) ? node.yes : node.no, scope);
  }
}

/** Tell whether a value counts as true: empty lists and objects do, NaN, 0 and '' do not. */
export function truthy(value: unknown): boolean {
  return Boolean(value);
}

// --- names, fields and calls ----------------------------------------------------------------------------------------

const ABSENT = Symbol('absent');

function named(name: string, scope: Scope): unknown {
  const value = lookUp(name, scope);
  if (value === ABSENT) throw new Undecidable(`${name} is not defined`);
  return value;
}

function lookUp(name: string, scope: Scope): unknown {
  if (name === 'doc') return scope.doc ?? undefined;
  if (scope.names && Object.hasOwn(scope.names, name)) return scope.names[name];
  if (name === 'parent') return scope.parent ?? undefined;
  if (name === 'cur_frm') return { doc: scope.parent ?? scope.doc };
  return BUILT_IN.has(name) ? BUILT_IN.get(name) : ABSENT;
}

function fromEntries(entries: [string, Node][], scope: Scope): object {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) made[key] = evaluateNode(value, scope);
  return made;
}

function member(node: Node & { kind: 'member' }, scope: Scope): unknown {
  const owner = present(evaluateNode(node.target, scope), node);
  return readMember(owner, evaluateNode(node.key, scope));
}

function present(value: unknown, node: Node & { kind: 'member' }): NonNullable<unknown> {
  if (value !== null && value !== undefined) return value;
  if (node.optional) throw new Nothing();
  const wanted = node.key.kind === 'literal' ? String(node.key.value) : '[…]';
  throw new Undecidable(`there is no ${wanted} of ${String(value)}`);
}

/** Give a field of a document or object, an item or method of a list or text; undefined when it has none. */
export function readMember(owner: NonNullable<unknown>, key: unknown): unknown {
  const name = typeof key === 'string' ? key : toText(key);
  if (typeof owner === 'string') return itemOf(owner, name) ?? bound(TEXT_METHODS, owner, name);
  if (Array.isArray(owner)) return Object.hasOwn(owner, name) ? itemOf(owner, name) : bound(LIST_METHODS, owner, name);
  if (typeof owner === 'number' || typeof owner === 'boolean') return bound(NUMBER_METHODS, owner, name);
  return typeof owner === 'object' ? fieldOf(owner, name) : undefined;
}

function itemOf(owner: string | unknown[], name: string): unknown {
  if (name === 'length') return owner.length;
  return /^(?:0|[1-9]\d*)$/.test(name) ? owner[Number(name)] : undefined;
}

/** An own field; of lent objects also a method of their class. */
function fieldOf(owner: object, name: string): unknown {
  if (NEVER.has(name)) return undefined;
  for (
    let holder: object | null = owner;
    !PLAIN_PROTOTYPES.has(holder);
    holder = Object.getPrototypeOf(holder) as object
  ) {
    if (!Object.hasOwn(holder as object, name)) continue;
    const value = (owner as Record<string, unknown>)[name];
    return typeof value === 'function' ? (value as Fn).bind(owner) : value;
  }
  return undefined;
}

function bound<T>(
  methods: ReadonlyMap<string, (owner: T, ...values: unknown[]) => unknown>,
  owner: T,
  name: string,
): unknown {
  const method = methods.get(name);
  return method && ((...values: unknown[]) => method(owner, ...values));
}

function call(node: Node & { kind: 'call' }, scope: Scope): unknown {
  const callee = evaluateNode(node.callee, scope);
  if (node.optional && (callee === null || callee === undefined)) throw new Nothing();
  if (typeof callee !== 'function') throw new Undecidable(`${toText(callee)} is no function`);
  const values = node.arguments.map((argument) => evaluateNode(argument, scope));
  try {
    return (callee as Fn)(...values);
  } catch (error) {
    throw new Undecidable(`a call failed: ${String(error)}`);
  }
}

function chain(inner: Node, scope: Scope): unknown {
  try {
    return evaluateNode(inner, scope);
  } catch (error) {
    if (error instanceof Nothing) return undefined;
    throw error;
  }
}

// --- operators --------------------------------------------------------------------------------------------------------

function unary(node: Node & { kind: 'unary' }, scope: Scope): unknown {
  if (node.operator === 'typeof') return typeOf(node.operand, scope);
  const value = evaluateNode(node.operand, scope);
  switch (node.operator) {
    case '!':
      return !truthy(value);
    case '-':
      return -toNumber(value);
    case '+':
      return toNumber(value);
    case '~':
      return ~toNumber(value);
  }
}

/** Unlike everything else, `typeof` may be asked about a name that does not exist. */
function typeOf(operand: Node, scope: Scope): string {
  const value = operand.kind === 'name' ? lookUp(operand.name, scope) : evaluateNode(operand, scope);
  return value === ABSENT ? 'undefined' : typeof value;
}

function binary(node: Node & { kind: 'binary' }, scope: Scope): unknown {
  const left = evaluateNode(node.left, scope);
  if (node.operator === '&&') return truthy(left) ? evaluateNode(node.right, scope) : left;
  if (node.operator === '||') return truthy(left) ? left : evaluateNode(node.right, scope);
  if (node.operator === '??') return left ?? evaluateNode(node.right, scope);
  return OPERATORS[node.operator](left, evaluateNode(node.right, scope));
}

/** A text, number, bool, null or undefined for any value: lists by their text, other objects alike. */
function primitive(value: unknown): string | number | boolean | null | undefined {
  if (value === null || value === undefined) return value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return toText(value);
}

function toText(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item: unknown) => (item === null || item === undefined ? '' : toText(item))).join(',');
  if (typeof value === 'object' && value !== null)
    return value instanceof Date ? value.toISOString() : '[object Object]';
  return typeof value === 'function' ? '[object Object]' : String(value);
}

function toNumber(value: unknown): number {
  return Number(primitive(value));
}

function looselyEqual(left: unknown, right: unknown): boolean {
  const both = (kind: (value: unknown) => boolean) => kind(left) && kind(right);
  if (both((value) => typeof value === 'object' || typeof value === 'function')) return left === right;
  // eslint-disable-next-line eqeqeq -- loose equality is what the expression asks for
  return primitive(left) == primitive(right);
}

function hasKey(key: unknown, owner: unknown): boolean {
  if (typeof owner !== 'object' || owner === null) throw new Undecidable('in needs a list or an object on its right');
  return Object.hasOwn(owner, toText(key));
}

function less(left: unknown, right: unknown): boolean | undefined {
  const [first, second] = [primitive(left), primitive(right)];
  if (typeof first === 'string' && typeof second === 'string') return first < second;
  const [a, b] = [Number(first), Number(second)];
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : a < b;
}

function add(left: unknown, right: unknown): string | number {
  const [first, second] = [primitive(left), primitive(right)];
  if (typeof first === 'string' || typeof second === 'string') return String(first) + String(second);
  return Number(first) + Number(second);
}

const OPERATORS: Readonly<
  Record<Exclude<BinaryOperator, '&&' | '||' | '??'>, (left: unknown, right: unknown) => unknown>
> = {
  '==': looselyEqual,
  '!=': (left, right) => !looselyEqual(left, right),
  '===': (left, right) => left === right,
  '!==': (left, right) => left !== right,
  '<': (left, right) => less(left, right) === true,
  '>': (left, right) => less(right, left) === true,
  '<=': (left, right) => less(right, left) === false,
  '>=': (left, right) => less(left, right) === false,
  in: hasKey,
  '+': add,
  '-': (left, right) => toNumber(left) - toNumber(right),
  '*': (left, right) => toNumber(left) * toNumber(right),
  '/': (left, right) => toNumber(left) / toNumber(right),
  '%': (left, right) => toNumber(left) % toNumber(right),
  '&': (left, right) => toNumber(left) & toNumber(right),
  '|': (left, right) => toNumber(left) | toNumber(right),
  '^': (left, right) => toNumber(left) ^ toNumber(right),
};

// --- helpers by name --------------------------------------------------------------------------------------------------

/** Round half away from zero; a number typed with up to fifteen digits is rounded as its decimal text says. */
function roundCommercially(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  const scaled = Math.abs(value) * factor;
  if (!(scaled < 2 ** 52)) return value;
  const lower = Math.floor(scaled);
  const isTie = Math.abs(scaled - lower - 0.5) <= Number.EPSILON * scaled;
  const whole = isTie || scaled - lower > 0.5 ? lower + 1 : lower;
  return (value < 0 ? -whole : whole) / factor + 0;
}

function cint(value?: unknown, fallback: unknown = 0): unknown {
  if (typeof value === 'boolean') return Number(value);
  const read = Number.parseInt(toText(value), 10);
  return Number.isNaN(read) ? fallback : read;
}

function flt(value?: unknown, decimals?: unknown): number {
  const read = toNumber(typeof value === 'string' ? value.replaceAll(',', '') : (value ?? 0));
  if (Number.isNaN(read)) return 0;
  return decimals === null || decimals === undefined ? read : roundCommercially(read, Math.trunc(toNumber(decimals)));
}

function inList(items?: unknown, item?: unknown): boolean {
  if (typeof items === 'string') return items.includes(toText(item));
  return Array.isArray(items) && items.includes(item);
}

function hasCommon(first?: unknown, second?: unknown): boolean {
  return Array.isArray(first) && Array.isArray(second) && first.some((item) => second.includes(item));
}

function numeric(compute: (...values: number[]) => number): Fn {
  return (...values) => compute(...values.map(toNumber));
}

const MATH = {
  abs: numeric(Math.abs),
  round: numeric(Math.round),
  floor: numeric(Math.floor),
  ceil: numeric(Math.ceil),
  trunc: numeric(Math.trunc),
  min: numeric(Math.min),
  max: numeric(Math.max),
};

const BUILT_IN: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['cint', cint],
  ['flt', flt],
  ['cstr', (value?: unknown) => (value === null || value === undefined ? '' : toText(value))],
  ['in_list', inList],
  ['has_common', hasCommon],
  ['parseInt', (value?: unknown) => Number.parseInt(toText(value), 10)],
  ['parseFloat', (value?: unknown) => Number.parseFloat(toText(value))],
  ['isNaN', (value?: unknown) => Number.isNaN(toNumber(value))],
  ['Number', (...given: unknown[]) => (given.length ? toNumber(given[0]) : 0)],
  ['String', (...given: unknown[]) => (given.length ? toText(given[0]) : '')],
  ['Boolean', (value?: unknown) => truthy(value)],
  ['Math', MATH],
  ['Array', { isArray: (value?: unknown) => Array.isArray(value) }],
  ['Object', { keys: (value?: unknown) => (isRecord(value) ? Object.keys(value) : []) }],
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// --- methods ----------------------------------------------------------------------------------------------------------

function bounds(start: unknown, end: unknown): [number, number | undefined] {
  return [toNumber(start ?? 0), end === undefined ? undefined : toNumber(end)];
}

const TEXT_METHODS: ReadonlyMap<string, (text: string, ...values: unknown[]) => unknown> = new Map(
  Object.entries<(text: string, ...values: unknown[]) => unknown>({
    includes: (text, part) => text.includes(toText(part)),
    startsWith: (text, part) => text.startsWith(toText(part)),
    endsWith: (text, part) => text.endsWith(toText(part)),
    indexOf: (text, part) => text.indexOf(toText(part)),
    lastIndexOf: (text, part) => text.lastIndexOf(toText(part)),
    toLowerCase: (text) => text.toLowerCase(),
    toUpperCase: (text) => text.toUpperCase(),
    trim: (text) => text.trim(),
    split: (text, separator) => (separator === undefined ? [text] : text.split(toText(separator))),
    slice: (text, start, end) => text.slice(...bounds(start, end)),
    substring: (text, start, end) => text.substring(...bounds(start, end)),
    charAt: (text, index) => text.charAt(toNumber(index ?? 0)),
    replace: (text, old, instead) => text.replace(toText(old), () => toText(instead)),
    replaceAll: (text, old, instead) => text.replaceAll(toText(old), () => toText(instead)),
    concat: (text, ...others) => text + others.map(toText).join(''),
    toString: (text: string) => text,
  }),
);

const LIST_METHODS: ReadonlyMap<string, (items: unknown[], ...values: unknown[]) => unknown> = new Map(
  Object.entries<(items: unknown[], ...values: unknown[]) => unknown>({
    includes: (items, item) => items.includes(item),
    indexOf: (items, item) => items.indexOf(item),
    join: (items, mark = ',') =>
      items.map((item) => (item === null || item === undefined ? '' : toText(item))).join(toText(mark)),
    slice: (items, start, end) => items.slice(...bounds(start, end)),
    concat: (items, ...others) => items.concat(...others),
    toString: (items: unknown[]) => toText(items),
  }),
);

const NUMBER_METHODS: ReadonlyMap<string, (number: number | boolean, ...values: unknown[]) => unknown> = new Map(
  Object.entries<(number: number | boolean, ...values: unknown[]) => unknown>({
    toFixed: (number, digits) => {
      const places = Math.trunc(toNumber(digits ?? 0)) || 0;
      return roundCommercially(Number(number), places).toFixed(places);
    },
    toString: (number: number | boolean) => toText(number),
  }),
);
