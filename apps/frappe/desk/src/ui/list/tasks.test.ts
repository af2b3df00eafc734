import { beforeEach, describe, expect, it } from 'vitest';
import { makeDesk, type TestDesk } from '../../../tests/support';
import { openBulk } from './bulk';
import type { BulkRun } from './bulkRun';
import { runTask } from './tasks';
import type { Outcome } from './outcomes';

const CALLS = 'frappe.desk.doctype.bulk_update.bulk_update';
const good = (name: string): Outcome => ({ name, ok: true, reason: '' });
const bad = (name: string): Outcome => ({ name, ok: false, reason: 'It is linked' });
const TASK = { doctype: 'Sales Order', action: 'delete' as const };
const atOnce = (): Promise<void> => Promise.resolve();

let test: TestDesk;
let all: Outcome[];
let shown: number;
beforeEach(() => {
  test = makeDesk();
  all = [good('A'), bad('B'), good('C')];
  shown = 0;
  test.site.extra[`${CALLS}.start_bulk_task`] = () => ({ message: { task_id: 'T1' } });
  test.site.extra[`${CALLS}.stop_bulk_task`] = () => ({ message: null });
  // One more document is done each time somebody asks.
  test.site.extra[`${CALLS}.get_bulk_task`] = ({ since }) => ({ message: { total: 3, outcomes: all.slice(Number(since), (shown += 1)), finished: shown >= 3 } });
});

const asked = (call: string) => test.site.calls.filter(({ method }) => method === `${CALLS}.${call}`).map(({ parameters }) => parameters);

describe('work that the server does', () => {
  it('is told document by document, each once', async () => {
    const told: Outcome[] = [];
    await runTask(test.desk, TASK, ['A', 'B', 'C'], (outcome) => told.push(outcome), () => false, atOnce);
    expect(told).toEqual(all);
    expect(asked('get_bulk_task').map(({ since }) => since)).toEqual(['0', '1', '2']);
    expect(asked('start_bulk_task')[0]).toMatchObject({ doctype: 'Sales Order', action: 'delete', docnames: '["A","B","C"]' });
  });

  it('is stopped once when somebody wants that', async () => {
    await runTask(test.desk, TASK, ['A'], () => undefined, () => true, atOnce);
    expect(asked('stop_bulk_task')).toEqual([{ task_id: 'T1' }]);
  });

  it('gives the file of a print', async () => {
    test.site.extra[`${CALLS}.get_bulk_task`] = () => ({ message: { total: 1, outcomes: [good('A')], finished: true, file_url: '/private/files/a.pdf' } });
    expect(await runTask(test.desk, { ...TASK, action: 'print' }, ['A'], () => undefined, () => false, atOnce)).toEqual({ fileUrl: '/private/files/a.pdf' });
  });
});

describe('an action on more than fifty documents', () => {
  const names = Array.from({ length: 51 }, (_, index) => `SO-${index}`);
  const lastRun = (): BulkRun => test.desk.overlay.dialogs.at(-1)!.props.run as BulkRun;

  it('is handed to the server as one task', async () => {
    const never = (): never => { throw new Error('not one by one'); };
    void openBulk(test.desk, { question: 'Delete?', action: 'Delete', names, run: never, task: TASK });
    await lastRun().start();
    expect(asked('start_bulk_task')).toHaveLength(1);
    expect(lastRun().failed.value).toEqual([bad('B')]);
  });

  it('goes on when its window is closed, and its result can be looked at afterwards', async () => {
    const outcomes = openBulk(test.desk, { question: 'Delete?', action: 'Delete', names, task: TASK });
    const run = lastRun();
    const working = run.start();
    (test.desk.overlay.dialogs.at(-1)!.props.onClose as () => void)();
    await working;
    expect(await outcomes).toEqual(all);
    const toast = test.desk.overlay.toasts.at(-1)!;
    expect([toast.text, toast.tone]).toEqual(['2 done, 1 failed', 'orange']);
    toast.action!.run();
    expect(lastRun()).toBe(run);
  });

  it('says so when it could not be started', async () => {
    delete test.site.extra[`${CALLS}.start_bulk_task`];
    void openBulk(test.desk, { question: 'Delete?', action: 'Delete', names, task: TASK });
    const run = lastRun();
    await run.start();
    expect([run.state.value, run.isClean]).toEqual(['finished', false]);
    expect(run.problem.value).not.toBe('');
  });

  it('is done one by one while it is few', async () => {
    void openBulk(test.desk, { question: 'Delete?', action: 'Delete', names: ['A', 'B'], run: (name) => Promise.resolve(good(name)), task: TASK });
    await lastRun().start();
    expect(asked('start_bulk_task')).toEqual([]);
    expect(lastRun().done.value).toBe(2);
  });
});
