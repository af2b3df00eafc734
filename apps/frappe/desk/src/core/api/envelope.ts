/**
 * Frappe's answers: what a success and an error carry, and how to read them.
 * Invariant: reading never throws; a malformed part is dropped, the rest is kept.
 */
import { parseJson } from '../json';

/** One message of `_server_messages`. `fieldname`, `parentfield`, `row` are this project's addition, for marking a field. */
export interface ServerMessage {
  message: string;
  title?: string;
  indicator?: string;
  alert?: boolean | number;
  raise_exception?: boolean | number;
  as_list?: boolean | number;
  as_table?: boolean | number;
  fieldname?: string;
  parentfield?: string;
  row?: number;
}

/** The body of any answer of version 1 of the API. */
export interface Envelope<Message = unknown> {
  message: Message;
  docs?: Record<string, unknown>[];
  docinfo?: Record<string, unknown>;
  exc_type?: string;
  exception?: string;
  exc?: string;
  session_expired?: number;
  _server_messages?: string;
  _error_message?: string;
  _link_titles?: Record<string, string>;
  [key: string]: unknown;
}

/** The messages of an answer: `_server_messages` is a JSON list whose items are JSON again. */
export function serverMessages(body: Partial<Envelope>): ServerMessage[] {
  const items = parseJson<unknown[]>(body._server_messages, []);
  if (!Array.isArray(items)) return [];
  return items.map(toMessage).filter((item): item is ServerMessage => item !== null);
}

function toMessage(item: unknown): ServerMessage | null {
  const parsed = parseJson<unknown>(item, item);
  if (typeof parsed === 'string') return parsed ? { message: parsed } : null;
  if (parsed === null || typeof parsed !== 'object') return null;
  const { message } = parsed as ServerMessage;
  return message ? { ...(parsed as ServerMessage), message: String(message) } : null;
}

/** The last line of a traceback without the exception's dotted name: what a person can read. */
export function exceptionText(body: Partial<Envelope>): string {
  const line = body._error_message ?? body.exception ?? '';
  return String(line).replace(/^[\w.]+(Error|Exception|Expired|Warning): ?/, '').trim();
}

/** The class name of the exception without its module. */
export function exceptionType(body: Partial<Envelope>): string {
  return (body.exc_type ?? '').split('.').pop() ?? '';
}
