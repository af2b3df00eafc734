import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { documentsOf } from '@/core/report';
import TickedBar from '@/ui/report/TickedBar.vue';
import { DESK } from '@/ui/services';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import DashboardPage from './DashboardPage.vue';
import ReportPage from './ReportPage.vue';

const RUN = 'frappe.desk.query_report.run';
let test: TestDesk;

beforeEach(() => {
  test = makeDesk();
  test.site.extra['frappe.desk.query_report.get_script'] = () => ({ message: { script_url: null, filters: [{ fieldname: 'brand', fieldtype: 'Data', label: 'Brand' }] } });
  test.site.extra[RUN] = ({ filters }) => ({ message: { columns: [{ fieldname: 'sku', label: 'SKU', fieldtype: 'Link', options: 'SKU' }, { fieldname: 'qty', label: 'Qty', fieldtype: 'Float' }], result: filters!.includes('none') ? [] : [{ sku: 'SKU-1001', qty: 2 }, { sku: 'SKU-1002', qty: 10 }, ['Total', 12]], add_total_row: 1, report_summary: [{ label: 'All', value: 12, datatype: 'Float' }] } });
});

async function open(path = '/query-report/Stock'): Promise<VueWrapper> {
  await test.router.push(path);
  const wrapper = mount(ReportPage, { props: { report: 'Stock' }, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle(20);
  return wrapper;
}

const skus = (wrapper: VueWrapper): string[] => wrapper.findAll('tbody a').map((link) => link.text());

describe('a report', () => {
  it('shows its rows with ways to their documents, its sums and its figures', async () => {
    const wrapper = await open();
    expect(wrapper.get('tbody a').attributes('href')).toBe('/app/sku/SKU-1001');
    expect(wrapper.get('tfoot').text()).toBe('Total12');
    expect(wrapper.get('.summary').text()).toContain('12');
  });

  it('sorts by a column, and the other way round', async () => {
    const wrapper = await open();
    const head = wrapper.findAll('button.sort').find((button) => button.text() === 'Qty')!;
    await head.trigger('click');
    expect(skus(wrapper)).toEqual(['SKU-1001', 'SKU-1002']);
    await head.trigger('click');
    expect(skus(wrapper)).toEqual(['SKU-1002', 'SKU-1001']);
  });

  it('takes its conditions from the address, and asks again when one changes', async () => {
    const wrapper = await open('/query-report/Stock?brand=山川');
    expect(JSON.parse(test.site.calls.find((call) => call.method === RUN)!.parameters.filters!)).toEqual({ brand: '山川' });
    await wrapper.get('[data-fieldname=brand] input').setValue('none');
    await settle(20);
    expect(wrapper.text()).toContain('The report has no rows for these conditions.');
    expect(test.router.currentRoute.value.query).toEqual({ brand: 'none' });
  });

  it('finds rows, and sums only what is found', async () => {
    const wrapper = await open();
    await wrapper.get('.find input').setValue('1002');
    expect(skus(wrapper)).toEqual(['SKU-1002']);
    expect(wrapper.get('tfoot').text()).toBe('Total10');
  });

  it('takes ticked rows to their documents, and into a file of their own', async () => {
    test.site.extra['frappe.client.get_value'] = () => ({ message: { ref_doctype: 'SKU' } });
    const wrapper = await open();
    const boxes = wrapper.findAll('tbody input[type=checkbox]');
    await boxes[1]!.trigger('click');
    expect(wrapper.get('.count').text()).toBe('1 selected');
    const assign = vi.fn();
    vi.stubGlobal('location', { assign, origin: 'http://localhost' });
    wrapper.getComponent(TickedBar).vm.$emit('download', 'CSV');
    expect(new URLSearchParams(String(assign.mock.calls[0]![0]).split('?')[1]).get('visible_idx')).toBe('[1]');
    vi.unstubAllGlobals();
    expect(documentsOf([{ sku: 'SKU-1002' }, { sku: 'SKU-1002' }], wrapper.getComponent(TickedBar).props('columns'), 'SKU')).toEqual(['SKU-1002']);
    await wrapper.get('thead input[type=checkbox]').setValue(true);
    expect(wrapper.get('.count').text()).toBe('2 selected');
  });

  it('leaves out the columns that the user hid', async () => {
    test.desk.preferences.tables['report:Stock'] = { hidden: ['qty'] };
    expect((await open()).findAll('th').map((head) => head.text()).filter(Boolean)).toEqual(['No.', 'SKU']);
  });

  it('says what went wrong, and tries again', async () => {
    const run = test.site.extra[RUN]!;
    delete test.site.extra[RUN];
    const wrapper = await open();
    expect(wrapper.text()).toContain('Not found');
    test.site.extra[RUN] = run;
    await wrapper.findAll('button').find((button) => button.attributes('aria-label') === 'Reload')!.trigger('click');
    await settle();
    expect(skus(wrapper)).toHaveLength(2);
  });
});

it('a dashboard shows a card and a chart for each that it names', async () => {
  test.site.extra['frappe.client.get'] = ({ doctype, name }) => ({ message: doctype === 'Dashboard' ? { name, cards: [{ card: 'Orders' }], charts: [{ chart: 'By day', width: 'Full' }] } : { name, label: name, chart_name: name, type: 'Document Type' } });
  const wrapper = mount(DashboardPage, { props: { dashboard: 'Business' }, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } } });
  await settle();
  expect(wrapper.findAll('.number-card')).toHaveLength(1);
  expect(wrapper.get('.chart-card').classes()).toContain('full');
});
describe('work with a report', () => {
  const find = (wrapper: VueWrapper, label: string) => wrapper.findAll('button').find((button) => button.text().trim() === label || button.attributes('aria-label') === label);

  it('leads from a row to the documents it is made of', async () => {
    test.site.extra['frappe.client.get_value'] = () => ({ message: { ref_doctype: 'SKU' } });
    const wrapper = await open('/query-report/Stock?brand=山川');
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    await find(wrapper, 'Show the documents of row 2')!.trigger('click');
    await settle();
    const [place, options] = go.mock.calls[0]!;
    expect(place).toEqual({ kind: 'list', doctype: 'SKU', view: 'list' });
    expect(options!.filters!.map(({ fieldname, value }) => [fieldname, value])).toEqual([['brand', '山川'], ['name', 'SKU-1002']]);
  });

  it('is made in the background when it is asked for, and shown when it is ready', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 40 });
    let doc: Record<string, unknown> | null = null;
    const usual = test.site.extra[RUN]!;
    test.site.extra[RUN] = (parameters) => (doc ? { message: { ...(usual(parameters) as { message: object }).message, prepared_report: 1, doc } } : { message: { prepared_report: 1, doc: null } });
    test.site.extra['frappe.desk.query_report.background_enqueue_run'] = () => ({ message: { name: 'PR-1' } });
    test.site.extra['frappe.core.doctype.prepared_report.prepared_report.get_reports_in_queued_state'] = () => ({ message: [] });
    test.site.extra['frappe.client.get_value'] = () => ({ message: { status: doc ? 'Completed' : 'Started' } });
    const wrapper = await open();
    await find(wrapper, 'Make it now')!.trigger('click');
    await settle();
    expect(wrapper.get('.prepared').text()).toContain('is being made');
    doc = { name: 'PR-1', report_end_time: '2024-05-01 10:00:00' };
    await vi.advanceTimersByTimeAsync(3100);
    await settle(20);
    expect(wrapper.get('.prepared').text()).toContain('Made at');
    expect(skus(wrapper)).toEqual(['SKU-1001', 'SKU-1002']);
    vi.useRealTimers();
  });

  it('says why it could not be made', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 40 });
    test.site.extra[RUN] = () => ({ message: { prepared_report: 1, doc: null } });
    test.site.extra['frappe.desk.query_report.background_enqueue_run'] = () => ({ message: { name: 'PR-1' } });
    test.site.extra['frappe.client.get_value'] = () => ({ message: { status: 'Error', error_message: 'Traceback\nValueError: no period' } });
    const wrapper = await open();
    await find(wrapper, 'Make it now')!.trigger('click');
    await vi.advanceTimersByTimeAsync(3100);
    await settle(20);
    expect(wrapper.get('.prepared .bad').text()).toBe('ValueError: no period');
    vi.useRealTimers();
  });

  it('is sent by mail regularly, with the present conditions', async () => {
    const { scheduleReport } = await import('@/ui/report/schedule');
    test.site.extra['frappe.client.insert'] = () => ({ message: { name: 'AER-1' } });
    void scheduleReport(test.desk, 'Stock', { brand: '山川' }, []);
    const { props } = test.desk.overlay.dialogs.at(-1)!;
    await (props.submit as () => Promise<boolean>)();
    (props.onClose as () => void)();
    await settle();
    const doc = JSON.parse(test.site.calls.find(({ method }) => method === 'frappe.client.insert')!.parameters.doc!) as Record<string, unknown>;
    expect(doc).toMatchObject({ doctype: 'Auto Email Report', report: 'Stock', email_to: 'admin@example.com', frequency: 'Weekly', format: 'XLSX', filters: '{"brand":"山川"}' });
    expect(test.desk.overlay.toasts.at(-1)!.action!.label).toBe('Send one now');
  });
});

