/**
 * Namespaces that tell when a script asks for something that isn't there. Invariant: each missing name is reported once; asking
 * for it gives `undefined`, as asking any object does.
 */
import type { Bag } from './types';

const reported = new Set<string>();
const QUIET = new Set(['then', 'toJSON', 'constructor', 'prototype', 'nodeType', 'jquery', 'length', '__v_isRef', '__v_isReactive', '__v_isReadonly', '__v_raw', '__v_skip']);

/** Reports a name of upstream's script API that this desk doesn't have. */
export function reportMissing(name: string): void {
  if (reported.has(name)) return;
  reported.add(name);
  console.warn(`${name} is not available to scripts on this desk`);
}

/** The namespace, watched: reading a name that nobody has set is reported. Setting names is free. */
export function watched<T extends Bag>(path: string, namespace: T): T {
  return new Proxy(namespace, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && !QUIET.has(key)) reportMissing(`${path}.${key}`);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

/** The names reported so far (for tests and for the developer's console). */
export function missingNames(): string[] {
  return [...reported];
}
