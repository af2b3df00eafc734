import { beforeEach, describe, expect, it } from 'vitest';
import { Realtime } from '@/ui/realtime';
import { realtimeNamespace } from './realtime';
import type { Any } from './types';

let said: unknown[][];
let handlers: Map<string, (message: unknown) => void>;
let frappe: Any;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(async () => {
  said = [];
  handlers = new Map();
  const socket = { connected: true, on: (event: string, run: never) => handlers.set(event, run), emit: (...args: unknown[]) => said.push(args) };
  const realtime = new Realtime({ socketio_port: 9000, sitename: 'x' }, () => Promise.resolve(socket));
  frappe = { realtime: realtimeNamespace(realtime) };
  frappe.realtime.on('ready', () => undefined);
  await settle();
});

describe('frappe.realtime', () => {
  it('brings events to their handlers until these are taken off', () => {
    const heard: unknown[] = [];
    const handler = (message: unknown): void => void heard.push(message);
    frappe.realtime.on('stock_changed', handler);
    handlers.get('stock_changed')!({ sku: 'A' });
    frappe.realtime.off('stock_changed', handler);
    handlers.get('stock_changed')!({ sku: 'B' });
    expect(heard).toEqual([{ sku: 'A' }]);
  });

  it('enters the room of a document once, and leaves it', () => {
    frappe.realtime.doc_subscribe('Sales Order', 'SO-1');
    frappe.realtime.doc_subscribe('Sales Order', 'SO-1');
    frappe.realtime.doc_unsubscribe('Sales Order', 'SO-1');
    expect(said).toEqual([['doc_subscribe', 'Sales Order', 'SO-1'], ['doc_unsubscribe', 'Sales Order', 'SO-1']]);
  });

  it('enters its rooms anew after the connection was lost', () => {
    frappe.realtime.task_subscribe('T1');
    said.length = 0;
    handlers.get('connect')!(undefined);
    expect(said).toEqual([['task_subscribe', 'T1']]);
  });

  it('says what scripts say', async () => {
    frappe.realtime.emit('typing', 'SO-1');
    await settle();
    expect(said).toEqual([['typing', 'SO-1']]);
  });
});
