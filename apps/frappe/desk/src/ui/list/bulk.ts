/** Opens the dialog of an action on several documents. */
import { __ } from '@/core/i18n';
import type { DeskServices } from '../services';
import BulkDialog from './BulkDialog.vue';
import type { Outcome } from './outcomes';

export interface BulkWork {
  /** What is about to be done, as a question: `Submit 12 documents?` */
  question: string;
  action: string;
  danger?: boolean;
  names: readonly string[];
  run(name: string): Promise<Outcome>;
}

/** Shows what is about to be done, does it, and shows how it went; the outcomes (none when it was given up). */
export function openBulk(desk: DeskServices, work: BulkWork): Promise<Outcome[]> {
  return new Promise((resolve) => {
    let outcomes: Outcome[] = [];
    desk.overlay.open(BulkDialog, {
      ...work,
      onFinished: (all: Outcome[]) => {
        outcomes = all;
        const done = all.filter(({ ok }) => ok).length;
        if (done === all.length) desk.overlay.toast(__('{0} done', [done]), 'green');
      },
      onClose: () => resolve(outcomes),
    });
  });
}
