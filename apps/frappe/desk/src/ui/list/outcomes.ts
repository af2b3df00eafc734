/** Actions on several documents, one by one. Invariant: every document's outcome is told with its reason; a failed one never hides behind a good one. */
import { asApiError } from '@/core/api/errors';
import { serverMessages, type Envelope } from '@/core/api/envelope';
import { parseJson } from '@/core/json';
import { stripHtml } from '@/core/text';
import type { DeskServices } from '../services';

export type BulkAction = 'submit' | 'cancel' | 'delete' | 'update';

/** How it went with one document. */
export interface Outcome { name: string; ok: boolean; reason: string }

/** Runs an action on one document; never throws. */
export async function actOn(desk: DeskServices, action: BulkAction, doctype: string, name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
  return outcomeOf(name, () => action === 'delete'
    ? desk.api.post('frappe.desk.reportview.delete_items', { doctype, items: [name] }, { quiet: true })
    : desk.api.post('frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs', { doctype, docnames: [name], action, ...(action === 'update' ? { data: changes } : {}) }, { quiet: true }));
}

/** The outcome of a call about one document: the server names those that failed, or refuses. */
export async function outcomeOf(name: string, call: () => Promise<Envelope>): Promise<Outcome> {
  try {
    const answer = await call();
    const failed = parseJson<unknown>(answer.message, []);
    const hasFailed = Array.isArray(failed) && failed.map(String).includes(name);
    return { name, ok: !hasFailed, reason: hasFailed ? reasonIn(serverMessages(answer)) : '' };
  } catch (error) {
    const failure = asApiError(error);
    return { name, ok: false, reason: reasonIn(failure.messages) || failure.message };
  }
}

function reasonIn(messages: readonly { message: string }[]): string {
  return messages.map(({ message }) => stripHtml(message)).join(' ');
}

const AT_ONCE = 2;

/** Runs the work on all names, a few at a time, until `isStopped`; tells each outcome as it comes. */
export async function runAll(names: readonly string[], run: (name: string) => Promise<Outcome>, tell: (outcome: Outcome) => void, isStopped: () => boolean): Promise<Record<string, never>> {
  const waiting = [...names];
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined && !isStopped(); name = waiting.shift()) tell(await run(name));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return {};
}
