/** `frappe.call`, `frappe.db`, `frappe.client`-like helpers: calls to the server as scripts make them. */
import type { Envelope } from '@/core/api/envelope';
import { asApiError } from '@/core/api/errors';
import type { Doc } from '@/core/document/types';
import type { DeskServices } from '@/ui/services';
import type { LocalDocs } from './locals';
import type { Any, Bag, Callback } from './types';

export interface CallOptions {
  method?: string;
  url?: string;
  args?: Bag;
  doc?: Doc;
  type?: string;
  callback?: Callback;
  error?: Callback;
  always?: Callback;
  freeze?: boolean;
  freeze_message?: string;
  silent?: boolean;
}

export interface ServerParts { desk: DeskServices; docs: LocalDocs; freeze: (text?: string) => void; unfreeze: () => void; take(docs: Doc[]): void }

/** The arguments of `frappe.call` in its two shapes. */
export function readCall(first: string | CallOptions, args?: Bag, callback?: Callback): CallOptions {
  return typeof first === 'string' ? { method: first, ...(args ? { args } : {}), ...(callback ? { callback } : {}) } : first;
}

/** A document without the desk's marks, as JSON. */
function documentText(doc: Doc): string {
  return JSON.stringify(doc);
}

/** Runs a call; failures are shown unless the script handles them, and reject the promise. */
export function callServer(parts: ServerParts, options: CallOptions): Promise<Envelope> {
  const { desk } = parts;
  const args = options.doc ? { docs: documentText(options.doc), method: options.method, ...(options.args ? { args: options.args } : {}) } : (options.args ?? {});
  const method = options.doc ? 'run_doc_method' : (options.url ?? options.method ?? '');
  const run = async (): Promise<Envelope> => {
    if (options.freeze) parts.freeze(options.freeze_message);
    try {
      const answer = options.type === 'GET' ? await desk.api.get(method, args) : await desk.api.post(method, args);
      if (answer.docs) parts.take(answer.docs as Doc[]);
      await options.callback?.(answer);
      return answer;
    } catch (failure) {
      const error = asApiError(failure);
      if (options.error) options.error(error.body);
      else if (!options.silent) desk.overlay.error(error);
      throw failure;
    } finally {
      if (options.freeze) parts.unfreeze();
      options.always?.();
    }
  };
  const work = run();
  // The failure has been shown; a script that doesn't look at the promise shall not cause a second report.
  work.catch(() => undefined);
  return work;
}

/** `frappe.db`. */
export function databaseNamespace(parts: ServerParts): Bag {
  const call = async <T>(method: string, args: Bag, type = 'GET'): Promise<T> => (await callServer(parts, { method: `frappe.client.${method}`, args, type })).message as T;
  return {
    get_value: async (doctype: string, filters: unknown, fieldname: unknown, callback?: Callback, parent?: string) => {
      const answer = await callServer(parts, { method: 'frappe.client.get_value', args: { doctype, fieldname, filters, parent }, type: 'GET' });
      callback?.(answer.message ?? {});
      return { message: answer.message ?? {} };
    },
    get_single_value: (doctype: string, field: string) => call('get_single_value', { doctype, field }),
    get_list: (doctype: string, { limit, limit_page_length: length, ...args }: Bag = {}) => call('get_list', { doctype, limit_page_length: limit ?? length ?? 20, ...args }),
    get_doc: async (doctype: string, name?: unknown, filters?: unknown) => {
      const doc = await call<Doc>('get', typeof name === 'object' ? { doctype, filters: name } : { doctype, name, filters });
      return parts.docs.keep(doc);
    },
    get_link_options: async (doctype: string, txt = '', filters: unknown = {}) => {
      const answer = await parts.desk.api.get<Any[]>('frappe.desk.search.search_link', { doctype, txt, filters }, { quiet: true });
      return answer.message ?? [];
    },
    exists: async (doctype: string, name: string) => Boolean((await call<Bag | null>('get_value', { doctype, filters: name, fieldname: 'name' }))?.name),
    count: (doctype: string, { filters, limit }: Bag = {}) => call('get_count', { doctype, filters: filters ?? [], limit }),
    set_value: async (doctype: string, name: string, fieldname: unknown, value?: unknown, callback?: Callback) => {
      const answer = await callServer(parts, { method: 'frappe.client.set_value', args: { doctype, name, fieldname, value } });
      callback?.(answer);
      return answer;
    },
    insert: (doc: Bag) => call('insert', { doc }, 'POST'),
    delete_doc: (doctype: string, name: string) => call('delete', { doctype, name }, 'POST'),
  };
}
