/**
 * The book of form handlers: `frappe.ui.form.on(doctype, …)`. Invariant: handlers of one event run in the order they were
 * registered, each after the one before has finished.
 */
import type { Callback } from './types';

type ByEvent = Map<string, Callback[]>;

export class HandlerBook {
  private readonly byDoctype = new Map<string, ByEvent>();

  /** Registers one handler, or all of an object. Names of other handlers instead of a function are followed when run. */
  on(doctype: string, events: string | Readonly<Record<string, Callback>>, handler?: Callback): void {
    if (typeof events === 'string') {
      if (handler) this.add(doctype, events, handler);
      return;
    }
    for (const [event, given] of Object.entries(events)) if (typeof given === 'function') this.add(doctype, event, given);
  }

  private add(doctype: string, event: string, handler: Callback): void {
    const events = this.byDoctype.get(doctype) ?? (new Map() as ByEvent);
    this.byDoctype.set(doctype, events);
    events.set(event, [...(events.get(event) ?? []), handler]);
  }

  /** Takes handlers away. */
  off(doctype: string, event: string): void {
    this.byDoctype.get(doctype)?.delete(event);
  }

  /** The handlers of an event. */
  of(doctype: string, event: string): readonly Callback[] {
    return this.byDoctype.get(doctype)?.get(event) ?? [];
  }

  /** All events of a DocType as one object of functions (`frm.events`). */
  events(doctype: string): Record<string, Callback> {
    const events = this.byDoctype.get(doctype) ?? (new Map() as ByEvent);
    return Object.fromEntries([...events].map(([event, handlers]) => [event, async (...args: unknown[]) => {
      let result: unknown;
      for (const handler of handlers) result = await (handler as (...given: unknown[]) => unknown)(...args);
      return result;
    }]));
  }
}
