/**
 * Types at the border to form scripts. Scripts are plain JavaScript written for upstream's untyped API, so arguments are
 * really anything; `Any` says so in one place.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Any = any;
export type Callback = (...args: Any[]) => Any;
export type Bag = Record<string, Any>;
