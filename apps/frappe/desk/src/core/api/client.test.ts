import { describe, expect, it, vi } from 'vitest';
import { ApiClient, encodeArguments, type ClientHooks } from './client';
import { serverMessages } from './envelope';
import { ApiError } from './errors';

type Call = { url: string; init: RequestInit };

function client(answers: (() => Response | Promise<Response>)[], hooks: Partial<ClientHooks> = {}): { api: ApiClient; calls: Call[] } {
  const calls: Call[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    calls.push({ url, init });
    const answer = answers[Math.min(calls.length, answers.length) - 1]!;
    return Promise.resolve().then(answer);
  }) as unknown as typeof globalThis.fetch;
  return { api: new ApiClient({ fetch, csrfToken: () => 'secret', wait: () => Promise.resolve(), ...hooks }), calls };
}

const answer = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status });
const messages = (...items: object[]): string => JSON.stringify(items.map((item) => JSON.stringify(item)));

describe('arguments', () => {
  it('travel as text, objects as JSON, nothing as nothing', () => {
    const encoded = encodeArguments({ doctype: 'SKU', filters: { a: 1 }, flag: true, none: null, gone: undefined, zero: 0 });
    expect(Object.fromEntries(encoded)).toEqual({ doctype: 'SKU', filters: '{"a":1}', flag: '1', zero: '0' });
  });
});

describe('a read', () => {
  it('is a GET without a token', async () => {
    const { api, calls } = client([answer(200, { message: 'pong' })]);
    expect((await api.get('ping', { a: 1 })).message).toBe('pong');
    expect(calls[0]!.url).toBe('/api/method/ping?a=1');
    expect(calls[0]!.init.headers).not.toHaveProperty('X-Frappe-CSRF-Token');
  });

  it('with a long query is a POST', async () => {
    const { api, calls } = client([answer(200, {})]);
    await api.get('search', { text: 'x'.repeat(3000) });
    expect(calls[0]!.init.method).toBe('POST');
  });

  it('is repeated on a passing fault, not on a refusal', async () => {
    const passing = client([answer(503, {}), () => { throw new TypeError('offline'); }, answer(200, { message: 1 })]);
    expect((await passing.api.get('ping')).message).toBe(1);
    expect(passing.calls).toHaveLength(3);
    const refused = client([answer(403, { exc_type: 'PermissionError' })]);
    await expect(refused.api.get('ping')).rejects.toMatchObject({ failure: 'permission', status: 403 });
    expect(refused.calls).toHaveLength(1);
  });
});

describe('a write', () => {
  it('carries the token and is never repeated by itself', async () => {
    const { api, calls } = client([() => { throw new TypeError('offline'); }]);
    await expect(api.post('save', { doc: {} })).rejects.toMatchObject({ failure: 'network', status: 0 });
    expect(calls).toHaveLength(1);
    expect(calls[0]!.init.headers).toHaveProperty('X-Frappe-CSRF-Token', 'secret');
  });

  it('is repeated once after a stale token was renewed', async () => {
    const renewToken = vi.fn(() => Promise.resolve(true));
    const { api, calls } = client([answer(400, { exc_type: 'CSRFTokenError' }), answer(200, { message: 'ok' })], { renewToken });
    expect((await api.post('save')).message).toBe('ok');
    expect(renewToken).toHaveBeenCalledOnce();
    expect(calls).toHaveLength(2);
  });

  it('waits for the password when the session has ended', async () => {
    const renewSession = vi.fn(() => Promise.resolve(true));
    const { api } = client([answer(200, { session_expired: 1 }), answer(200, { message: 'ok' })], { renewSession });
    expect((await api.post('save')).message).toBe('ok');
    expect(renewSession).toHaveBeenCalledOnce();
  });

  it('fails when the session is not renewed, and does not ask during the login itself', async () => {
    const renewSession = vi.fn(() => Promise.resolve(false));
    const { api } = client([answer(401, { exc_type: 'AuthenticationError' })], { renewSession });
    await expect(api.post('save')).rejects.toBeInstanceOf(ApiError);
    await expect(api.post('login', {}, { once: true })).rejects.toBeInstanceOf(ApiError);
    expect(renewSession).toHaveBeenCalledOnce();
  });
});

describe('a refusal', () => {
  it('is a lost session when there is none any more, and a refusal otherwise', async () => {
    const renewSession = vi.fn(() => Promise.resolve(true));
    const lost = client([answer(403, { exc_type: 'PermissionError' }), answer(200, { message: 'ok' })], { renewSession, hasSession: () => Promise.resolve(false) });
    expect((await lost.api.get('x')).message).toBe('ok');
    const real = client([answer(403, { exc_type: 'PermissionError' })], { renewSession, hasSession: () => Promise.resolve(true) });
    await expect(real.api.get('x')).rejects.toMatchObject({ failure: 'permission' });
    expect(renewSession).toHaveBeenCalledOnce();
  });
});

describe('answers', () => {
  it('hand their messages on, unless asked to be quiet', async () => {
    const onMessages = vi.fn();
    const { api } = client([answer(200, { _server_messages: messages({ message: 'Careful', indicator: 'orange' }) })], { onMessages });
    await api.post('save');
    await api.post('save', {}, { quiet: true });
    expect(onMessages).toHaveBeenCalledOnce();
    expect(onMessages).toHaveBeenCalledWith([{ message: 'Careful', indicator: 'orange' }]);
  });

  it.each([
    [409, 'DuplicateEntryError', 'duplicate'], [404, 'DoesNotExistError', 'missing'], [417, 'frappe.exceptions.TimestampMismatchError', 'conflict'],
    [417, 'MandatoryError', 'invalid'], [429, 'RateLimitExceededError', 'busy'], [500, '', 'server'],
  ])('with status %i and %s are a %s failure', async (status, excType, failure) => {
    const { api } = client([answer(status, { exc_type: excType })]);
    const error = await api.post('x').catch((caught: unknown) => caught as ApiError);
    expect(error).toMatchObject({ failure, status });
    expect((error as ApiError).messages[0]!.message).not.toBe('');
  });

  it('without messages speak through the exception, without its class', async () => {
    const { api } = client([answer(417, { exception: 'frappe.exceptions.ValidationError: Row 2 is wrong' })]);
    await expect(api.post('x')).rejects.toMatchObject({ message: 'Row 2 is wrong' });
  });

  it('that are no JSON are an error with words', async () => {
    const { api } = client([() => new Response('<html>', { status: 502 })]);
    await expect(api.post('x')).rejects.toMatchObject({ failure: 'server' });
  });

  it('with broken messages keep the good ones', () => {
    expect(serverMessages({ _server_messages: '["{\\"message\\": \\"a\\"}", "plain", "", 5]' }).map((item) => item.message)).toEqual(['a', 'plain']);
    expect(serverMessages({ _server_messages: 'nonsense' })).toEqual([]);
  });
});

describe('idleness', () => {
  it('is reported when the last call has ended', async () => {
    const { api } = client([answer(200, {})]);
    let isIdle = false;
    const work = api.get('a');
    const idle = api.whenIdle().then(() => (isIdle = true));
    expect(isIdle).toBe(false);
    await work;
    await idle;
    expect(isIdle).toBe(true);
  });
});
