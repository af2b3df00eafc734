/** `frappe.realtime`: events of the server for scripts. Invariant: a handler that was taken off hears nothing more. */
import type { Realtime } from '@/ui/realtime';
import { watched } from './missing';
import type { Bag, Callback } from './types';

/** The namespace over the desk's own connection. */
export function realtimeNamespace(realtime: Realtime): Bag {
  const stops: { event: string; handler: Callback; stop(): void }[] = [];
  const rooms = new Map<string, () => void>();
  const enter = (key: string, join: () => () => void): void => {
    if (!rooms.has(key)) rooms.set(key, join());
  };
  const leave = (key: string): void => {
    rooms.get(key)?.();
    rooms.delete(key);
  };
  const on = (event: string, handler: Callback): void => void stops.push({ event, handler, stop: realtime.on(event, (message) => void handler(message)) });
  const off = (event: string, handler?: Callback): void => {
    for (const entry of stops.filter((item) => item.event === event && (!handler || item.handler === handler))) {
      entry.stop();
      stops.splice(stops.indexOf(entry), 1);
    }
  };
  const emit = (event: string, ...args: unknown[]): void => realtime.emit(event, ...args);
  return watched('frappe.realtime', {
    on, off, emit, publish: emit,
    subscribe: (task: string) => enter(task, () => realtime.watchTask(task)), task_subscribe: (task: string) => enter(task, () => realtime.watchTask(task)), task_unsubscribe: leave,
    doctype_subscribe: (doctype: string) => enter(`/${doctype}`, () => realtime.watchDoctype(doctype)), doctype_unsubscribe: (doctype: string) => leave(`/${doctype}`),
    doc_subscribe: (doctype: string, name: string) => enter(`${doctype}/${name}`, () => realtime.watchDocument(doctype, name)), doc_unsubscribe: (doctype: string, name: string) => leave(`${doctype}/${name}`),
    doc_open: (doctype: string, name: string) => emit('doc_open', doctype, name), doc_close: (doctype: string, name: string) => emit('doc_close', doctype, name),
    init: () => undefined, connect: () => undefined, get socket() { return { on, off, emit, connected: realtime.isConnected }; },
  });
}
