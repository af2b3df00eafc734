import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Doc } from '@/core/document/types';
import { DESK } from '@/ui/services';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import FormPage from './FormPage.vue';

let test: TestDesk;
beforeEach(() => { test = makeDesk(); });

/** Opens the page inside a router, whose guards it uses. */
async function open(path: string, props: Record<string, unknown>): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory('/app'), routes: [{ path: '/elsewhere', component: { render: () => null } }, { path: '/:path(.*)*', component: FormPage, props: () => props }] });
  test.router = router;
  await router.push(path);
  const wrapper = mount({ template: '<RouterView />' }, { global: { plugins: [router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle(20);
  return wrapper;
}

const order = (name: string): Promise<VueWrapper> => open(`/sales-order/${name}`, { doctype: 'Sales Order', name });
const button = (wrapper: VueWrapper, label: string) => wrapper.findAll('button').find((item) => item.text() === label);
const field = (wrapper: VueWrapper, name: string, inner = 'input') => wrapper.get(`[data-fieldname="${name}"] ${inner}`);
const stored = (name: string): Doc => test.site.find('Sales Order', name);

async function press(wrapper: VueWrapper, label: string): Promise<void> {
  await button(wrapper, label)!.trigger('click');
  await settle(20);
}

async function confirm(): Promise<void> {
  const { props } = test.desk.overlay.dialogs.at(-1)!;
  (props.onAnswer as (yes: boolean) => void)(true);
  (props.onClose as () => void)();
  await settle(20);
}

describe('an existing document', () => {
  it('is drawn from its DocType: tabs, labels, values, links, rows, totals', async () => {
    const wrapper = await order('SO-2024-00136');
    expect(wrapper.get('h1').text()).toBe('SO-2024-00136');
    expect(wrapper.findAll('[role=tab]').map((tab) => tab.text())).toEqual(['Details', 'More']);
    expect((field(wrapper, 'customer').element as HTMLInputElement).value).toBe('杨磊');
    expect(wrapper.get('[data-fieldname="customer"] label').text()).toBe('Customer*');
    expect(wrapper.get('.totals').text()).toContain('384.65');
    expect(wrapper.get('.step').text()).toContain('until it is submitted');
    expect(wrapper.find('[data-fieldname="status"]').exists()).toBe(false);
  });

  it('shows its connections with counts, and its history', async () => {
    const wrapper = await order('SO-2024-00137');
    expect(wrapper.get('.connection').text()).toBe('Delivery Note5');
    expect(wrapper.get('.connection').attributes('href')).toBe('/app/delivery-note?sales_order=SO-2024-00137');
    expect(wrapper.text()).toContain('客户要求周五前发货。');
    expect(wrapper.text()).toContain('Shipping Fee');
  });

  it('cannot be changed where it may not be', async () => {
    const wrapper = await order('SO-2024-00135');
    expect(stored('SO-2024-00135').docstatus).toBe(1);
    expect(wrapper.find('[data-fieldname="customer"] input').exists()).toBe(false);
    expect(button(wrapper, 'Save')).toBeUndefined();
    expect(button(wrapper, 'Cancel the document')).toBeDefined();
  });

  it('is saved with what was changed, and is clean afterwards', async () => {
    const wrapper = await order('SO-2024-00136');
    await field(wrapper, 'shipping_fee').setValue('8+4');
    expect(wrapper.text()).toContain('Not Saved');
    await press(wrapper, 'Save');
    expect(stored('SO-2024-00136')).toMatchObject({ shipping_fee: 12, grand_total: 396.65 });
    expect(wrapper.text()).not.toContain('Not Saved');
    expect(wrapper.get('.totals').text()).toContain('396.65');
    expect(button(wrapper, 'Submit')).toBeDefined();
  });

  it('offers to save while something is being typed', async () => {
    const wrapper = await order('SO-2024-00136');
    expect([button(wrapper, 'Save'), button(wrapper, 'Submit')].map(Boolean)).toEqual([false, true]);
    await field(wrapper, 'shipping_fee').trigger('input');
    expect([button(wrapper, 'Save'), button(wrapper, 'Submit')].map(Boolean)).toEqual([true, false]);
  });

  it('is saved by Ctrl+S with what is still being typed', async () => {
    const wrapper = await order('SO-2024-00136');
    const input = field(wrapper, 'platform_order_id');
    await input.trigger('focus');
    (input.element as HTMLInputElement).value = 'P-99';
    await input.trigger('input');
    test.desk.shortcuts.handle(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }));
    await settle(20);
    expect(stored('SO-2024-00136').platform_order_id).toBe('P-99');
  });

  it('is submitted and cancelled after a question', async () => {
    const wrapper = await order('SO-2024-00136');
    await press(wrapper, 'Submit');
    expect(stored('SO-2024-00136').docstatus).toBe(0);
    await confirm();
    expect(stored('SO-2024-00136').docstatus).toBe(1);
    await press(wrapper, 'Cancel the document');
    await confirm();
    expect(stored('SO-2024-00136').docstatus).toBe(2);
    expect(button(wrapper, 'Amend')).toBeDefined();
  });

  it('that is not there says so', async () => {
    expect((await order('SO-NONE')).text()).toContain('Not found');
  });
});

describe('dependent fields', () => {
  it('come and go at once', async () => {
    const wrapper = await order('SO-2024-00136');
    expect(wrapper.find('[data-fieldname="delivery_date"]').exists()).toBe(true);
    await field(wrapper, 'is_presale').setValue(true);
    await settle(3);
    expect(wrapper.find('[data-fieldname="delivery_date"]').exists()).toBe(false);
  });
});

describe('errors', () => {
  it('of required fields are shown there before anything is sent', async () => {
    const wrapper = await order('SO-2024-00136');
    await field(wrapper, 'delivery_date').setValue('');
    await press(wrapper, 'Save');
    expect(wrapper.get('[data-fieldname="delivery_date"] [role=alert]').text()).toBe('Delivery Date is required');
    expect(wrapper.get('.banner.red').text()).toContain('Delivery Date');
    expect(test.site.calls.some((call) => call.method.endsWith('savedocs'))).toBe(false);
  });

  it('of the server go to the field, or the row, that they name', async () => {
    const wrapper = await order('SO-2024-00136');
    stored('SO-2024-00136');
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => method.endsWith('savedocs')
      ? { status: 417, body: { exc_type: 'ValidationError', _server_messages: JSON.stringify([JSON.stringify({ message: 'Row #2: <b>Quantity</b> is more than in stock' })]) } } : handle(method, parameters);
    await field(wrapper, 'shipping_fee').setValue('5');
    await press(wrapper, 'Save');
    expect(wrapper.findAll('.cell.faulty')).toHaveLength(1);
    expect(wrapper.get('.cell.faulty').attributes('title')).toBe('Row #2: Quantity is more than in stock');
    expect(wrapper.text()).toContain('Not Saved');
  });

  it('of a conflict offer to compare, and put together what both sides changed', async () => {
    const wrapper = await order('SO-2024-00136');
    test.site.store({ ...stored('SO-2024-00136'), receiver_name: 'Changed elsewhere' });
    await field(wrapper, 'platform_order_id').setValue('MINE');
    await press(wrapper, 'Save');
    expect(wrapper.get('.banner.orange').text()).toContain('Somebody else has changed');
    await press(wrapper, 'Compare and put together');
    const { props } = test.desk.overlay.dialogs.at(-1)!;
    (props.apply as (choices: Record<string, string>) => void)({});
    await settle(5);
    await press(wrapper, 'Save');
    expect(stored('SO-2024-00136')).toMatchObject({ receiver_name: 'Changed elsewhere', platform_order_id: 'MINE' });
  });

  it('of what cannot be understood stay at the field and keep the text', async () => {
    const wrapper = await order('SO-2024-00136');
    await field(wrapper, 'shipping_fee').setValue('a lot');
    await settle(3);
    expect(wrapper.get('[data-fieldname="shipping_fee"] [role=alert]').text()).toContain('is not a number');
    expect((field(wrapper, 'shipping_fee').element as HTMLInputElement).value).toBe('a lot');
  });
});

describe('a new document', () => {
  const create = (query = ''): Promise<VueWrapper> => open(`/customer/new${query}`, { doctype: 'Customer' });

  it('has its defaults and what the address brought', async () => {
    const wrapper = await create('?customer_name=Zhang');
    expect((field(wrapper, 'customer_name').element as HTMLInputElement).value).toBe('Zhang');
    expect(wrapper.get('h1').text()).toBe('New Customer');
  });

  it('begins at its first field, unless somebody types already', async () => {
    const wrapper = await open('/sales-order/new', { doctype: 'Sales Order' });
    expect(document.activeElement?.closest('[data-fieldname]')).not.toBeNull();
    wrapper.unmount();
    const typing = document.body.appendChild(document.createElement('input'));
    typing.focus();
    await open('/sales-order/new', { doctype: 'Sales Order' });
    expect(document.activeElement).toBe(typing);
    typing.remove();
  });

  it('goes to its own address when it is saved', async () => {
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    const wrapper = await create();
    await field(wrapper, 'customer_name').setValue('新客户');
    await press(wrapper, 'Save');
    const name = [...test.site.documents.get('Customer')!.values()].find((doc) => doc.customer_name === '新客户')!.name;
    expect(go).toHaveBeenCalledWith({ kind: 'form', doctype: 'Customer', name }, { replace: true });
  });

  it('fetches from a link and shows it at once', async () => {
    const wrapper = await open('/sales-order/new', { doctype: 'Sales Order' });
    await button(wrapper, 'Add row')!.trigger('click');
    await settle(5);
    const input = wrapper.get('.cell.editing input');
    await input.setValue('SKU-1006');
    await input.trigger('keydown', { key: 'Enter' });
    const cells = (): string[] => wrapper.findAll('[role=gridcell]').map((cell) => cell.text());
    await vi.waitFor(() => expect(cells()).toEqual(expect.arrayContaining(['件', '116.65'])));
  });
});

describe('unsaved input', () => {
  it('is asked about before leaving, and kept', async () => {
    const wrapper = await order('SO-2024-00136');
    await field(wrapper, 'platform_order_id').setValue('KEEP');
    void test.router.push('/elsewhere');
    await settle(10);
    expect(test.desk.overlay.dialogs.at(-1)!.props.title).toBe('Leave without saving?');
    await confirm();
    expect(test.router.currentRoute.value.path).toBe('/elsewhere');
    expect((await test.desk.drafts.find('Sales Order', 'SO-2024-00136'))?.doc.platform_order_id).toBe('KEEP');
  });

  it('is offered again and put back', async () => {
    const { modified } = stored('SO-2024-00136');
    await test.desk.drafts.keep({ doctype: 'Sales Order', name: 'SO-2024-00136', doc: { ...stored('SO-2024-00136'), platform_order_id: 'BACK' }, base: modified!, savedAt: Date.now() });
    const wrapper = await order('SO-2024-00136');
    await settle(20);
    expect(wrapper.text()).toContain('that was not saved');
    await press(wrapper, 'Put it back');
    expect((field(wrapper, 'platform_order_id').element as HTMLInputElement).value).toBe('BACK');
    expect(wrapper.text()).toContain('Not Saved');
  });

  it('is no longer offered when somebody has saved since', async () => {
    await test.desk.drafts.keep({ doctype: 'Sales Order', name: 'SO-2024-00136', doc: stored('SO-2024-00136'), base: 'long ago', savedAt: Date.now() });
    expect((await order('SO-2024-00136')).text()).not.toContain('Put it back');
  });
});

describe('a single', () => {
  it('is edited like any document and stays at its address', async () => {
    const wrapper = await open('/stock-settings', { doctype: 'Stock Settings', name: 'Stock Settings', single: true });
    expect(wrapper.get('h1').text()).toBe('Stock Settings');
    await field(wrapper, 'valuation_method', 'select').setValue('FIFO');
    await press(wrapper, 'Save');
    expect(test.site.find('Stock Settings', 'Stock Settings').valuation_method).toBe('FIFO');
  });
});
