import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { exportAddress } from '@/ui/list/exporting';
import { DESK } from '@/ui/services';
import { Realtime } from '@/ui/realtime';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import ListPage from './ListPage.vue';

let test: TestDesk;
beforeEach(() => {
  test = makeDesk();
  test.site.extra['frappe.client.get_list'] = () => ({ message: [] });
});

async function open(path: string): Promise<VueWrapper> {
  await test.router.push(path);
  const wrapper = mount(ListPage, { props: { doctype: 'Sales Order' }, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle(20);
  // The view is a chunk of its own.
  await vi.dynamicImportSettled();
  await settle(20);
  return wrapper;
}

describe('other views of a list', () => {
  it('put documents on a board by their state', async () => {
    const wrapper = await open('/sales-order/view/kanban');
    const held = wrapper.findAll('.column').find((column) => column.attributes('aria-label') === 'On Hold')!;
    const expected = [...test.site.documents.get('Sales Order')!.values()].filter((order) => order.status === 'On Hold').length;
    expect(held.findAll('li')).toHaveLength(expected);
  });

  it('sum, group and change values in a grid', async () => {
    const wrapper = await open('/sales-order/view/report?customer=CUST-0001');
    const sum = [...test.site.documents.get('Sales Order')!.values()].filter((order) => order.customer === 'CUST-0001').reduce((total, order) => total + Number(order.grand_total), 0);
    const plain = (text: string): number => Number(text.replace(/[^\d.]/g, ''));
    expect(wrapper.findAll('tfoot td').some((cell) => Math.abs(plain(cell.text()) - sum) < 0.005)).toBe(true);
    await wrapper.get('.report-view select').setValue('shop');
    expect(wrapper.findAll('tr.group').length).toBeGreaterThan(1);
  });

  it('act on the rows that are ticked in the grid, as the list does', async () => {
    const wrapper = await open('/sales-order/view/report');
    const boxes = wrapper.findAll('tbody input[type=checkbox]');
    await boxes[0]!.trigger('click');
    await boxes[3]!.trigger('click', { shiftKey: true });
    expect(wrapper.text()).toContain('4 selected');
    expect(wrapper.findAll('button').some((button) => button.text() === 'With these')).toBe(true);
  });
});

describe('the user\'s own list', () => {
  it('has the columns that were chosen, and keeps them', async () => {
    test.desk.preferences.tables['list:Sales Order'] = { order: ['name', 'total_qty'] };
    const wrapper = await open('/sales-order');
    expect(wrapper.findAll('th').map((head) => head.text()).filter(Boolean)).toEqual(['ID', 'Total Quantity', 'Likes, comments, people']);
  });

  it('goes on after the last row instead of counting rows', async () => {
    const wrapper = await open('/sales-order');
    await wrapper.findAll('button').find((button) => button.attributes('aria-label') === 'Next page')!.trigger('click');
    await settle(20);
    const last = test.site.calls.filter((call) => call.method.endsWith('reportview.get')).at(-1)!.parameters;
    expect(last.start).toBe('0');
    expect(JSON.parse(last.or_filters!)).toHaveLength(2);
    expect(wrapper.get('.range').text()).toMatch(/^51–/);
  });

  it('is liked at once, and back again when the server refuses', async () => {
    const wrapper = await open('/sales-order');
    test.site.extra['frappe.desk.like.toggle_like'] = () => ({});
    const heart = wrapper.get('button.like');
    await heart.trigger('click');
    expect(heart.attributes('aria-pressed')).toBe('true');
    delete test.site.extra['frappe.desk.like.toggle_like'];
    await heart.trigger('click');
    await settle();
    expect(heart.attributes('aria-pressed')).toBe('true');
  });

  it('keeps its conditions under a name', async () => {
    test.site.extra['frappe.client.get_list'] = () => ({ message: [{ name: 'f1', filter_name: 'Held', for_user: '', filters: '[["Sales Order","status","=","On Hold"]]' }] });
    const wrapper = await open('/sales-order');
    await wrapper.findAll('button').find((button) => button.text() === 'Saved conditions')!.trigger('click');
    await nextTick();
    await [...document.querySelectorAll<HTMLElement>('[role^=menuitem]')].find((item) => item.textContent!.includes('Held'))!.click();
    await settle();
    expect(test.router.currentRoute.value.query).toEqual({ status: 'On Hold' });
  });

  it('is written to a file with its columns and conditions', () => {
    const list = { meta: { name: 'SKU' }, columns: { value: [{ field: { fieldname: 'brand' } }] } } as never;
    const query = new URL(exportAddress(list, 'CSV', { filters: [{ doctype: 'SKU', fieldname: 'brand', operator: '=', value: 'X' }], sortField: 'name', sortOrder: 'asc' }), 'http://x').searchParams;
    expect([query.get('file_format_type'), query.get('fields'), query.get('filters')]).toEqual(['CSV', '["name","brand"]', '[["SKU","brand","=","X"]]']);
  });
});

describe('live changes', () => {
  it('are heard from the rooms one is in, after every connection', async () => {
    const sent: unknown[][] = [];
    const heard = new Map<string, (message?: unknown) => void>();
    const socket = { connected: true, on: (event: string, run: (message?: unknown) => void) => heard.set(event, run), emit: (...args: unknown[]) => sent.push(args) };
    const realtime = new Realtime({ socketio_port: 9000, sitename: 's' }, () => Promise.resolve(socket as never));
    const listener = vi.fn();
    const leave = realtime.watchDoctype('SKU');
    const stop = realtime.on('list_update', listener);
    await settle(2);
    heard.get('connect')!();
    heard.get('list_update')!({ doctype: 'SKU' });
    expect(listener).toHaveBeenCalledWith({ doctype: 'SKU' });
    stop();
    leave();
    heard.get('list_update')!({ doctype: 'SKU' });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(sent).toEqual([['doctype_subscribe', 'SKU'], ['doctype_unsubscribe', 'SKU']]);
  });
});
