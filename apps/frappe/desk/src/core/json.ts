/** Small helpers for values that come as JSON or as anything. Invariant: none of them throws. */

/** Parses `text`, or gives `fallback` when it isn't JSON (or isn't text). Already parsed values pass through. */
export function parseJson<T>(text: unknown, fallback: T): T {
  if (text !== null && typeof text === 'object') return text as T;
  if (typeof text !== 'string' || text === '') return fallback;
  try {
    return (JSON.parse(text) as T) ?? fallback;
  } catch {
    return fallback;
  }
}

/** A deep copy of plain data (also of reactive proxies, which `structuredClone` refuses). */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => clone(item)) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item as unknown)])) as T;
  }
  return value;
}

/** Whether two plain values are the same in content. */
export function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  return JSON.stringify(left) === JSON.stringify(right);
}
