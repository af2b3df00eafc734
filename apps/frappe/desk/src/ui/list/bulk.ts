/** Actions on several documents. Invariant: every document's outcome is reported; a failed one never hides behind a good one. */
import type { ApiError } from '@/core/api/errors';
import { asApiError } from '@/core/api/errors';
import { serverMessages, type ServerMessage } from '@/core/api/envelope';
import { __ } from '@/core/i18n';
import { parseJson } from '@/core/json';
import type { DeskServices } from '../services';

export type BulkAction = 'submit' | 'cancel' | 'delete';

export interface BulkResult { done: string[]; failed: string[]; messages: ServerMessage[] }

/** Runs an action on documents of one DocType. */
export async function runBulk(desk: DeskServices, action: BulkAction, doctype: string, names: readonly string[]): Promise<BulkResult> {
  try {
    const answer = action === 'delete'
      ? await desk.api.post('frappe.desk.reportview.delete_items', { doctype, items: names }, { quiet: true })
      : await desk.api.post('frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs', { doctype, docnames: names, action }, { quiet: true });
    const failed = failedNames(answer.message);
    return { failed, done: names.filter((name) => !failed.includes(name)), messages: serverMessages(answer) };
  } catch (error) {
    const failure: ApiError = asApiError(error);
    return { failed: [...names], done: [], messages: failure.messages };
  }
}

function failedNames(message: unknown): string[] {
  const list = parseJson<unknown>(message, []);
  return Array.isArray(list) ? list.map(String) : [];
}

/** Shows how it went. */
export function reportBulk(desk: DeskServices, action: BulkAction, { done, failed, messages }: BulkResult): void {
  const verbs: Record<BulkAction, string> = {
    submit: __('{0} submitted', [done.length]), cancel: __('{0} cancelled', [done.length]), delete: __('{0} deleted', [done.length]),
  };
  if (!failed.length) return desk.overlay.toast(verbs[action], 'green');
  void desk.overlay.message({
    title: done.length ? __('Done in part') : __('Not possible'),
    message: [done.length ? verbs[action] : '', __('{0} failed: {1}', [failed.length, failed.join(', ')])].filter(Boolean).join('\n'),
    messages: messages.map((message) => message.message),
    tone: 'red',
  });
}
