/**
 * Calls to the server. Reads are GET (repeated on a passing fault), writes are POST (never repeated by themselves, except
 * when the server refused them before doing anything: no session, stale CSRF token).
 * Invariant: a call either resolves with the envelope of a 2xx answer or rejects with an `ApiError`.
 */
import { serverMessages, type Envelope, type ServerMessage } from './envelope';
import { ApiError, errorFrom, networkError } from './errors';

export type Arguments = Readonly<Record<string, unknown>>;

export interface CallOptions {
  signal?: AbortSignal;
  /** Don't hand the answer's messages to `onMessages`; the caller shows them. */
  quiet?: boolean;
  /** Don't renew session or token and repeat (the login itself, background calls). */
  once?: boolean;
}

export interface ClientHooks {
  fetch: typeof fetch;
  csrfToken(): string;
  /** Messages of a successful call (warnings, notices). */
  onMessages?(messages: ServerMessage[]): void;
  /** Asks for the password again; true when there is a session afterwards. */
  renewSession?(): Promise<boolean>;
  /** Whether there still is a session: without one the server may answer a call as it answers a guest, with a refusal. */
  hasSession?(): Promise<boolean>;
  /** Fetches a new CSRF token; true when there is one. */
  renewToken?(): Promise<boolean>;
  wait?(milliseconds: number): Promise<void>;
}

const LONGEST_QUERY = 2000;
const PASSING_FAULTS = new Set([0, 502, 503, 504]);
const RETRY_AFTER_MS = [300, 1200];

/** Parameters as the server expects them: text as it is, everything else as JSON; `undefined` and `null` are left out. */
export function encodeArguments(args: Arguments): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [key, value] of Object.entries(args)) {
    if (value === undefined || value === null) continue;
    encoded.append(key, typeof value === 'object' ? JSON.stringify(value) : typeof value === 'boolean' ? String(Number(value)) : String(value));
  }
  return encoded;
}

/** The path of a whitelisted function. */
export function methodPath(method: string): string {
  return method.startsWith('/') ? method : `/api/method/${method}`;
}

export class ApiClient {
  private pending = 0;
  private readonly idleWaiters: (() => void)[] = [];

  constructor(private readonly hooks: ClientHooks) {}

  /** Reads with GET. */
  async get<Message = unknown>(method: string, args: Arguments = {}, options: CallOptions = {}): Promise<Envelope<Message>> {
    const query = encodeArguments(args).toString();
    if (query.length > LONGEST_QUERY) return this.post<Message>(method, args, options);
    const url = query ? `${methodPath(method)}?${query}` : methodPath(method);
    return this.withRenewal(() => this.repeated(() => this.send<Message>(url, { method: 'GET' }, options)), options);
  }

  /** Writes (or reads with a long query) with POST. */
  async post<Message = unknown>(method: string, args: Arguments = {}, options: CallOptions = {}): Promise<Envelope<Message>> {
    const body = encodeArguments(args);
    return this.withRenewal(() => this.send<Message>(methodPath(method), { method: 'POST', body }, options), options);
  }

  /** Sends a multipart form (file upload). */
  async upload<Message = unknown>(form: FormData, options: CallOptions = {}): Promise<Envelope<Message>> {
    return this.withRenewal(() => this.send<Message>(methodPath('upload_file'), { method: 'POST', body: form }, options), options);
  }

  /** Resolves when no call is under way (what `frappe.after_ajax` waits for). */
  whenIdle(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private async repeated<T>(attempt: () => Promise<T>): Promise<T> {
    for (const pause of RETRY_AFTER_MS) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ApiError) || !PASSING_FAULTS.has(error.status)) throw error;
        await (this.hooks.wait ?? defaultWait)(pause);
      }
    }
    return attempt();
  }

  /** Repeats a call once after the session or the token has been renewed: the server did nothing with the first one. */
  private async withRenewal<T>(attempt: () => Promise<T>, options: CallOptions): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || options.once) throw error;
      const renew = await this.renewalFor(error);
      if (!renew || !(await renew.call(this.hooks))) throw error;
      return attempt();
    }
  }

  private async renewalFor({ failure }: ApiError): Promise<(() => Promise<boolean>) | undefined> {
    if (failure === 'csrf') return this.hooks.renewToken;
    if (failure === 'session') return this.hooks.renewSession;
    const isLost = failure === 'permission' && this.hooks.hasSession !== undefined && !(await this.hooks.hasSession());
    return isLost ? this.hooks.renewSession : undefined;
  }

  private async send<Message>(url: string, init: RequestInit, options: CallOptions): Promise<Envelope<Message>> {
    this.pending += 1;
    try {
      const answer = await this.fetchOnce(url, init, options.signal);
      const body = (await answer.json().catch(() => ({}))) as Envelope<Message>;
      if (!answer.ok) throw errorFrom(answer.status, body);
      if (body.session_expired) throw errorFrom(401, { ...body, exc_type: 'SessionExpired' });
      const messages = serverMessages(body);
      if (messages.length && !options.quiet) this.hooks.onMessages?.(messages);
      return body;
    } finally {
      this.pending -= 1;
      if (this.pending === 0) this.idleWaiters.splice(0).forEach((resolve) => resolve());
    }
  }

  private async fetchOnce(url: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
    if (init.method !== 'GET') headers['X-Frappe-CSRF-Token'] = this.hooks.csrfToken();
    try {
      return await this.hooks.fetch(url, { ...init, headers, credentials: 'same-origin', signal: signal ?? null });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw networkError();
    }
  }
}

function defaultWait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Whether the error only says that the caller gave the call up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
