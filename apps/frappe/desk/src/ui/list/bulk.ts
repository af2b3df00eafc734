/** Opens the dialog of an action on several documents; many of them are handed to the server, which does them in the background. */
import { __ } from '@/core/i18n';
import type { DeskServices } from '../services';
import BulkDialog from './BulkDialog.vue';
import { BulkRun, type Worker } from './bulkRun';
import { runAll, type Outcome } from './outcomes';
import { runTask, type BulkTask } from './tasks';

/** From this number on the server does it in the background. */
export const MANY = 50;

export interface BulkWork {
  /** What is about to be done, as a question: `Submit 12 documents?` */
  question: string;
  action: string;
  danger?: boolean;
  names: readonly string[];
  /** Does it to one document; without it the server does all. */
  run?(name: string): Promise<Outcome>;
  /** The same as the server does it to many. */
  task?: BulkTask;
}

/** Shows what is about to be done, does it, and shows how it went; the outcomes (none when it was given up). */
export function openBulk(desk: DeskServices, { question, action, danger, names, run: one, task }: BulkWork): Promise<readonly Outcome[]> {
  return new Promise((resolve) => {
    const isTask = Boolean(task) && (!one || names.length > MANY);
    const work: Worker = isTask ? (list, tell, isStopped) => runTask(desk, task!, list, tell, isStopped) : (list, tell, isStopped) => runAll(list, one!, tell, isStopped);
    let isOpen = false;
    const show = (): void => {
      isOpen = true;
      desk.overlay.open(BulkDialog, { question, action, danger, names, run, onClose: closed });
    };
    const closed = (): void => {
      isOpen = false;
      if (run.state.value !== 'running') resolve(run.outcomes.value);
    };
    const run = new BulkRun(names, work, () => {
      tellEnd(desk, run, isOpen, show);
      if (!isOpen) resolve(run.outcomes.value);
    }, isTask);
    show();
  });
}

/** Says how it ended: as a notice when all is well or nobody looks. */
function tellEnd(desk: DeskServices, run: BulkRun, isOpen: boolean, show: () => void): void {
  const done = __('{0} done', [run.done.value]);
  if (run.isClean && (isOpen || !run.fileUrl.value)) desk.overlay.toast(done, 'green');
  else if (!isOpen) desk.overlay.toast(run.failed.value.length ? `${done}, ${__('{0} failed', [run.failed.value.length])}` : done, run.isClean ? 'green' : 'orange', { action: { label: __('Show the result'), run: show } });
}
