import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
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

  it('leaves out the columns that the user hid', async () => {
    test.desk.preferences.tables['report:Stock'] = { hidden: ['qty'] };
    expect((await open()).findAll('th').map((head) => head.text())).toEqual(['No.', 'SKU']);
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
