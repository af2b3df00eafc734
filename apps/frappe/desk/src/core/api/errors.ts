/** The one error that every failed call raises. Invariant: `messages` is never empty. */
import { __ } from '../i18n';
import { exceptionText, exceptionType, serverMessages, type Envelope, type ServerMessage } from './envelope';

/** What kind of failure it is, as far as the desk acts differently on it. */
export type Failure =
  | 'network' | 'session' | 'csrf' | 'permission' | 'missing' | 'duplicate' | 'conflict' | 'invalid' | 'busy' | 'server';

const BY_TYPE: Readonly<Record<string, Failure>> = {
  CSRFTokenError: 'csrf',
  AuthenticationError: 'session',
  SessionExpired: 'session',
  PermissionError: 'permission',
  DoesNotExistError: 'missing',
  PageDoesNotExistError: 'missing',
  DuplicateEntryError: 'duplicate',
  NameError: 'duplicate',
  TimestampMismatchError: 'conflict',
  TooManyRequestsError: 'busy',
  RateLimitExceededError: 'busy',
  SessionStopped: 'busy',
  InReadOnlyMode: 'busy',
  QueueOverloaded: 'busy',
};

const BY_STATUS: Readonly<Record<number, Failure>> = {
  0: 'network', 401: 'session', 403: 'permission', 404: 'missing', 409: 'duplicate', 417: 'invalid', 429: 'busy', 503: 'busy',
};

/** A call that failed, with the server's messages and what kind of failure it is. */
export class ApiError extends Error {
  readonly failure: Failure;
  readonly messages: ServerMessage[];

  constructor(readonly status: number, readonly excType: string, messages: ServerMessage[], readonly body: Partial<Envelope> = {}) {
    super(messages[0]?.message ?? excType);
    this.name = 'ApiError';
    this.failure = BY_TYPE[excType] ?? BY_STATUS[status] ?? 'server';
    this.messages = messages.length ? messages : [{ message: defaultMessage(this.failure) }];
  }
}

/** The error of an answer with status ≥ 400. */
export function errorFrom(status: number, body: Partial<Envelope>): ApiError {
  const excType = exceptionType(body);
  const messages = serverMessages(body);
  const text = messages.length ? '' : exceptionText(body) || (typeof body.message === 'string' ? body.message : '');
  return new ApiError(status, excType, text ? [{ message: text }] : messages, body);
}

/** The error of a call that never got an answer. */
export function networkError(): ApiError {
  return new ApiError(0, '', [{ message: __('The server cannot be reached. Your input is kept; try again.') }]);
}

function defaultMessage(failure: Failure): string {
  switch (failure) {
    case 'session': return __('Your session has ended. Log in again.');
    case 'permission': return __('You are not permitted to do this.');
    case 'missing': return __('This does not exist, or no longer.');
    case 'duplicate': return __('An entry with this name already exists.');
    case 'conflict': return __('Somebody else has changed this document meanwhile.');
    case 'busy': return __('The server is busy. Try again in a moment.');
    default: return __('The server could not do this. The error has been logged.');
  }
}

/** Any thrown value as an `ApiError`, so that callers show all failures in one way. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(-1, '', [{ message: error instanceof Error ? error.message : String(error) }]);
}
