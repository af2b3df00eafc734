/** Work that the server does on many documents by itself, watched from here. Invariant: every outcome is told once, in the server's order. */
import type { DeskServices } from '../services';
import type { Outcome } from './outcomes';

export type TaskAction = 'submit' | 'cancel' | 'delete' | 'update' | 'workflow' | 'print';

export interface BulkTask { doctype: string; action: TaskAction; data?: Readonly<Record<string, unknown>> }

/** What a task leaves behind beside its outcomes: the file of a print. */
export interface TaskEnd { fileUrl?: string }

interface TaskState { total: number; outcomes: Outcome[]; finished: boolean; file_url?: string }

const CALLS = 'frappe.desk.doctype.bulk_update.bulk_update';
/** How long to wait before asking again: soon at first, then in calm steps. */
const WAITS_MS = [250, 400, 700, 1000];

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Has the server do it, and tells each document's outcome as it comes. Rejects when the task can't be started or is lost. */
export async function runTask(desk: DeskServices, task: BulkTask, names: readonly string[], tell: (outcome: Outcome) => void, isStopped: () => boolean, wait = pause): Promise<TaskEnd> {
  const { doctype, action, data = {} } = task;
  const started = await desk.api.post<{ task_id: string }>(`${CALLS}.start_bulk_task`, { doctype, docnames: names, action, data }, { quiet: true });
  const id = started.message.task_id;
  let known = 0;
  let hasAskedToStop = false;
  for (let round = 0; ; round += 1) {
    await wait(WAITS_MS[Math.min(round, WAITS_MS.length - 1)]!);
    if (isStopped() && !hasAskedToStop) {
      hasAskedToStop = true;
      await desk.api.post(`${CALLS}.stop_bulk_task`, { task_id: id }, { quiet: true });
    }
    const { message: state } = await desk.api.get<TaskState>(`${CALLS}.get_bulk_task`, { task_id: id, since: known }, { quiet: true });
    state.outcomes.forEach(tell);
    known += state.outcomes.length;
    if (state.finished) return state.file_url ? { fileUrl: state.file_url } : {};
  }
}
