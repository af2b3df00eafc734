import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { DESK } from '@/ui/services';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import ListPage from './ListPage.vue';

let test: TestDesk;
beforeEach(() => { test = makeDesk(); });

async function open(path = '/sales-order', doctype = 'Sales Order'): Promise<VueWrapper> {
  await test.router.push(path);
  const wrapper = mount(ListPage, { props: { doctype }, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle();
  return wrapper;
}

const names = (wrapper: VueWrapper): string[] => wrapper.findAll('a.subject').map((link) => link.text());
const asked = (): Record<string, unknown>[] => test.site.calls.filter((call) => call.method.endsWith('reportview.get')).map((call) => call.parameters);

describe('the list', () => {
  it('shows a page of documents with links, states and units in the head', async () => {
    const wrapper = await open();
    expect(names(wrapper)).toHaveLength(50);
    expect(wrapper.get('a.subject').attributes('href')).toMatch(/^\/app\/sales-order\/SO-2024-/);
    expect(wrapper.findAll('th').map((head) => head.text())).toContain('Grand Total (CNY)');
    expect(wrapper.text()).toContain('Completed');
    expect(wrapper.get('.range').text()).toBe('1–50 / 137');
  });

  it('shows titles of linked documents', async () => {
    expect((await open()).text()).toContain('赵敏');
  });

  it('counts apart from the rows, up to a limit, and exactly when asked', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => method.endsWith('get_count') ? { status: 200, body: { message: parameters.limit ? 1001 : 1_234_567 } } : handle(method, parameters);
    const wrapper = await open();
    expect(wrapper.get('.range').text()).toBe('1–50 / 1,000+');
    await wrapper.get('.exact').trigger('click');
    await settle();
    expect(wrapper.get('.range').text()).toBe('1–50 / 1,234,567');
  });

  it('goes through its pages and keeps them in the address', async () => {
    const wrapper = await open();
    const first = names(wrapper)[0];
    await wrapper.get('[aria-label="Next page"]').trigger('click');
    await settle();
    expect(test.router.currentRoute.value.query._start).toBe('50');
    expect(names(wrapper)[0]).not.toBe(first);
    await wrapper.get('[aria-label="Previous page"]').trigger('click');
    await settle();
    expect(names(wrapper)[0]).toBe(first);
  });

  it('is ordered by a click on a head, and the other way by a second one', async () => {
    const wrapper = await open();
    const head = wrapper.findAll('th button').find((button) => button.text().startsWith('Grand Total'))!;
    await head.trigger('click');
    await settle();
    expect(asked().at(-1)!.order_by).toContain('`grand_total` desc');
    await head.trigger('click');
    await settle();
    expect(asked().at(-1)!.order_by).toContain('`grand_total` asc');
    expect(wrapper.get('[aria-sort]').attributes('aria-sort')).toBe('ascending');
  });

  it('is filtered by the address', async () => {
    await open('/sales-order?status=Completed&grand_total=["%3E",500]');
    expect(JSON.parse(String(asked()[0]!.filters))).toEqual([['Sales Order', 'status', '=', 'Completed'], ['Sales Order', 'grand_total', '>', 500]]);
  });

  it('is filtered by a quick filter, and the filter goes into the address', async () => {
    const wrapper = await open();
    await wrapper.get('select.quick').setValue('On Hold');
    await settle();
    expect(test.router.currentRoute.value.query.status).toBe('On Hold');
    expect([...new Set(wrapper.findAll('td.status').map((cell) => cell.text()))]).toEqual(['On Hold']);
  });

  it('is filtered by a click on a state', async () => {
    const wrapper = await open();
    await wrapper.findAll('.status-button').find((button) => button.text() === 'Completed')!.trigger('click');
    await settle();
    expect(test.router.currentRoute.value.query.status).toBe('Completed');
  });

  it('says so when nothing answers, and when there is nothing at all', async () => {
    const wrapper = await open('/sales-order?customer=nobody');
    expect(wrapper.text()).toContain('No Sales Order answers these conditions.');
    test.site.documents.get('Delivery Note')!.clear();
    expect((await open('/delivery-note', 'Delivery Note')).text()).toContain('There is no Delivery Note yet.');
  });

  it('shows a failure and tries again', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => method.endsWith('reportview.get') ? { status: 500, body: { exc_type: 'InternalError' } } : handle(method, parameters);
    const wrapper = await open();
    expect(wrapper.text()).toContain('This could not be loaded');
    test.site.handle = handle;
    await wrapper.findAll('button').find((button) => button.text() === 'Try again')!.trigger('click');
    await settle();
    expect(names(wrapper)).toHaveLength(50);
  });

  it('refuses what the user may not see', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => method.endsWith('getdoctype') ? { status: 403, body: { exc_type: 'PermissionError' } } : handle(method, parameters);
    expect((await open()).text()).toContain('Not permitted');
  });

  it('is walked and opened by keyboard', async () => {
    const wrapper = await open();
    const go = vi.spyOn(test.desk, 'go');
    await wrapper.get('tbody tr').trigger('keydown', { key: 'ArrowDown' });
    await nextTick();
    expect(wrapper.findAll('tbody tr')[1]!.attributes('tabindex')).toBe('0');
    await wrapper.findAll('tbody tr')[1]!.trigger('keydown', { key: 'Enter' });
    expect(go).toHaveBeenCalledWith({ kind: 'form', doctype: 'Sales Order', name: names(wrapper)[1] });
  });

  it('hands its plain filters to a new document', async () => {
    const wrapper = await open('/sales-order?shop=X');
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    await wrapper.get('a.primary').trigger('click');
    expect(go).toHaveBeenCalledWith({ kind: 'new', doctype: 'Sales Order' }, { values: { shop: 'X' } });
  });
});

describe('several documents', () => {
  async function tick(wrapper: VueWrapper, word: string, count: number): Promise<void> {
    const rows = wrapper.findAll('tbody tr').filter((row) => row.text().includes(word)).slice(0, count);
    for (const row of rows) await row.get('input').trigger('click');
  }

  /** The dialog of an action: what it asks, and its buttons. */
  async function press(action: string): Promise<VueWrapper> {
    const { component, props } = test.desk.overlay.dialogs.at(-1)!;
    const dialog = mount(component as typeof ListPage, { props: props as { doctype: string }, global: { provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
    await dialog.findAll('button').find((button) => button.text() === action)!.trigger('click');
    await settle();
    return dialog;
  }

  it('are submitted, after a question that names them', async () => {
    const wrapper = await open('/sales-order?docstatus=0');
    await tick(wrapper, 'Draft', 2);
    expect(wrapper.text()).toContain('2 selected');
    await wrapper.findAll('button').find((button) => button.text() === 'Submit')!.trigger('click');
    expect(test.desk.overlay.dialogs.at(-1)!.props).toMatchObject({ question: 'Submit 2 documents?', names: [expect.stringMatching(/^SO-2024/), expect.stringMatching(/^SO-2024/)] });
    await press('Submit');
    const calls = test.site.calls.filter((call) => call.method.includes('bulk_update'));
    expect(calls.map((call) => call.parameters.action)).toEqual(['submit', 'submit']);
    expect(test.desk.overlay.toasts.at(-1)).toMatchObject({ text: '2 done', tone: 'green' });
    expect(wrapper.text()).not.toContain('selected');
  });

  it('are deleted, each with its outcome and reason; what failed stays ticked', async () => {
    const wrapper = await open('/sales-order?docstatus=0');
    await tick(wrapper, 'Draft', 2);
    await wrapper.findAll('button').find((button) => button.text() === 'Delete')!.trigger('click');
    const [held] = test.desk.overlay.dialogs.at(-1)!.props.names as string[];
    test.site.extra['frappe.desk.reportview.delete_items'] = ({ items }) => (items!.includes(held!) ? { message: items, _server_messages: JSON.stringify([JSON.stringify({ message: 'It is linked' })]) } : { message: [] });
    const dialog = await press('Delete');
    expect(dialog.get('.sum').text()).toBe('1 done1 failed');
    expect(dialog.get('.outcomes .bad').text()).toBe(`${held}It is linked`);
    (test.desk.overlay.dialogs.at(-1)!.props.onClose as () => void)();
    await settle();
    expect(wrapper.text()).toContain('1 selected');
  });

  it('are chosen from here to there with Shift', async () => {
    const wrapper = await open();
    const boxes = wrapper.findAll('tbody input');
    await boxes[2]!.trigger('click');
    await boxes[6]!.trigger('click', { shiftKey: true });
    expect(wrapper.text()).toContain('5 selected');
  });
});

describe('ticking more than a page', () => {
  const button = (wrapper: VueWrapper, text: string): ReturnType<VueWrapper['findAll']>[number] | undefined => wrapper.findAll('button').find((item) => item.text().includes(text));

  it('takes all that match, and keeps them while one pages', async () => {
    const wrapper = await open();
    expect(button(wrapper, 'Select all')).toBeUndefined();
    await wrapper.get('thead input[type=checkbox]').setValue(true);
    expect(wrapper.text()).toContain('50 selected');
    await button(wrapper, 'Select all 137')!.trigger('click');
    await settle();
    expect(wrapper.text()).toContain('137 selected');
    expect(asked().at(-1)).toMatchObject({ fields: JSON.stringify(['name', 'docstatus']), page_length: '5000' });
    await wrapper.get('[aria-label="Next page"]').trigger('click');
    await settle();
    expect(wrapper.text()).toContain('137 selected');
  });

  it('forgets them with other conditions', async () => {
    const wrapper = await open();
    await wrapper.get('thead input[type=checkbox]').setValue(true);
    await button(wrapper, 'Select all 137')!.trigger('click');
    await settle();
    await test.router.push('/sales-order?status=Completed');
    await settle();
    expect(wrapper.text()).not.toContain('137 selected');
  });
});
