import type { VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Doc } from '@/core/document/types';
import type { FormController } from '../form/controller';
import { makeDesk, mountInForm, openForm, settle, type TestDesk } from '../../../tests/support';
import Grid from './Grid.vue';

let test: TestDesk;
let form: FormController;
beforeEach(() => { test = makeDesk(); });

async function grid(rows?: Partial<Doc>[]): Promise<VueWrapper> {
  const items = rows?.map((row, index) => ({ doctype: 'Sales Order Item', name: `r${index}`, parentfield: 'items', ...row }));
  form = await openForm(test, 'Sales Order', 'SO-2024-00136', items ? { items } : {});
  const wrapper = mountInForm(Grid, form, { table: form.field('items') });
  await settle(3);
  return wrapper;
}

const rows = (): Doc[] => form.model.rows('items');
const cell = (wrapper: VueWrapper, row: number, column: number) => wrapper.findAll('.row:not(.head):not(.sums)')[row]!.findAll('[role=gridcell]')[column]!;
const SKU_NAME = 1;
const QTY = 3;
const RATE = 4;

async function key(wrapper: VueWrapper, name: string, more: Record<string, unknown> = {}): Promise<void> {
  const target = wrapper.find('.cell.editing input').exists() ? wrapper.get('.cell.editing input') : wrapper.get('[role=gridcell][tabindex="0"]');
  await target.trigger('keydown', { key: name, ...more });
  await settle(3);
}

async function edit(wrapper: VueWrapper, row: number, column: number, text: string): Promise<void> {
  await cell(wrapper, row, column).trigger('click');
  await settle(3);
  const input = wrapper.get('.cell.editing input');
  await input.trigger('focus');
  (input.element as HTMLInputElement).value = text;
  await input.trigger('input');
}

describe('editing', () => {
  it('begins with a click, settles with Enter, and goes on to the next cell that takes something', async () => {
    const wrapper = await grid();
    await edit(wrapper, 0, QTY, '3*4');
    await key(wrapper, 'Enter');
    expect(rows()[0]!.qty).toBe(12);
    expect(cell(wrapper, 0, RATE).classes()).toContain('editing');
  });

  it('begins with a letter, which replaces the value', async () => {
    const wrapper = await grid();
    await cell(wrapper, 0, QTY).trigger('click');
    await settle(3);
    await key(wrapper, 'Escape');
    await key(wrapper, '7');
    expect((wrapper.get('.cell.editing input').element as HTMLInputElement).value).toBe('7');
    await key(wrapper, 'Enter');
    expect(rows()[0]!.qty).toBe(7);
  });

  it('is settled when the row is opened from within a cell', async () => {
    const wrapper = await grid();
    await edit(wrapper, 0, QTY, '3*4');
    await key(wrapper, 'Enter', { ctrlKey: true });
    expect(rows()[0]!.qty).toBe(12);
    expect(test.desk.overlay.dialogs.at(-1)!.props.name).toBe(rows()[0]!.name);
  });

  it('is given up with Esc', async () => {
    const wrapper = await grid();
    const before = rows()[0]!.qty;
    await edit(wrapper, 0, QTY, '999');
    await key(wrapper, 'Escape');
    expect(rows()[0]!.qty).toBe(before);
    expect(wrapper.find('.cell.editing').exists()).toBe(false);
  });

  it('goes up and down with the arrows', async () => {
    const wrapper = await grid();
    await edit(wrapper, 0, QTY, '5');
    await key(wrapper, 'ArrowDown');
    expect(rows()[0]!.qty).toBe(5);
    expect(cell(wrapper, 1, QTY).classes()).toContain('editing');
  });

  it('adds a row by the way that holds up no saving while nobody has filled it', async () => {
    const wrapper = await grid();
    const before = rows().length;
    form.model.addRows('items', [{}]);
    const [begun] = form.model.addRows('items', [{}]);
    form.model.setInRow('items', begun!, 'qty', 4);
    await form.save('Save');
    expect(rows().length).toBe(before + 1);
    expect(form.errors.size).toBeGreaterThan(0);
    form.model.removeRows('items', [begun!.name]);
    await form.save('Save');
    const sent = test.site.calls.find((call) => call.method.endsWith('savedocs'));
    expect((JSON.parse(String(sent!.parameters.doc)) as { items: Doc[] }).items).toHaveLength(before);
    wrapper.unmount();
  });

  it('adds a row after the last cell', async () => {
    const wrapper = await grid([{ sku: 'SKU-1001', qty: 1, rate: 5 }]);
    await edit(wrapper, 0, 5, '1');
    await key(wrapper, 'Enter');
    await key(wrapper, 'Enter');
    expect(rows()).toHaveLength(2);
  });

  it('skips what cannot be edited', async () => {
    const wrapper = await grid();
    expect(cell(wrapper, 0, 6).attributes('aria-readonly')).toBe('true');
    await cell(wrapper, 0, 6).trigger('click');
    await settle(3);
    expect(wrapper.find('.cell.editing').exists()).toBe(false);
  });

  it('marks what cannot be understood and keeps the value', async () => {
    const wrapper = await grid();
    const before = rows()[0]!.qty;
    await edit(wrapper, 0, QTY, 'many');
    await key(wrapper, 'Tab');
    expect(rows()[0]!.qty).toBe(before);
    expect(cell(wrapper, 0, QTY).classes()).toContain('faulty');
  });
});

describe('rows', () => {
  it('are inserted, duplicated, moved and deleted by keyboard', async () => {
    const wrapper = await grid([{ sku: 'A', qty: 1 }, { sku: 'B', qty: 2 }]);
    await cell(wrapper, 0, QTY).trigger('click');
    await settle(3);
    await key(wrapper, 'Escape');
    await key(wrapper, 'ArrowDown', { altKey: true });
    expect(rows().map((row) => row.sku)).toEqual(['B', 'A']);
    await key(wrapper, 'd', { ctrlKey: true, shiftKey: true });
    expect(rows().map((row) => row.sku)).toEqual(['B', 'A', 'A']);
    await key(wrapper, 'Delete', { ctrlKey: true });
    expect(rows().map((row) => row.sku)).toEqual(['B', 'A']);
  });

  it('take the value from above', async () => {
    const wrapper = await grid([{ sku: 'A', qty: 9 }, { sku: 'B', qty: 2 }]);
    await cell(wrapper, 1, QTY).trigger('click');
    await settle(3);
    await key(wrapper, 'Escape');
    await key(wrapper, 'd', { ctrlKey: true });
    expect(rows()[1]!.qty).toBe(9);
  });

  it('are ticked and deleted together', async () => {
    const wrapper = await grid([{ sku: 'A' }, { sku: 'B' }, { sku: 'C' }]);
    const boxes = wrapper.findAll('[role=rowheader] input');
    await boxes[0]!.setValue(true);
    await boxes[2]!.setValue(true);
    await wrapper.findAll('button').find((button) => button.text() === 'Delete 2')!.trigger('click');
    await settle(3);
    expect(rows().map((row) => row.sku)).toEqual(['B']);
  });

  it('sum up what adds up', async () => {
    const wrapper = await grid([{ qty: 0.1, rate: 5, amount: 1 }, { qty: 0.2, rate: 6, amount: 2.5 }]);
    const sums = wrapper.get('.sums').findAll('.cell').map((item) => item.text());
    expect(sums[QTY + 1]).toBe('0.3');
    expect(sums[RATE + 1]).toBe('');
    expect(sums[7]).toBe('3.50');
  });

  it('by the thousand are drawn only as far as they are seen', async () => {
    const wrapper = await grid(Array.from({ length: 1000 }, (_, index) => ({ sku: `S${index}`, qty: index })));
    expect(wrapper.findAll('.row').length).toBeLessThan(60);
    expect(wrapper.get('[role=grid]').attributes('aria-rowcount')).toBe('1001');
  });
});

describe('the clipboard', () => {
  async function paste(wrapper: VueWrapper, text: string): Promise<void> {
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { getData: () => text } });
    wrapper.get('[role=grid]').element.dispatchEvent(event);
    await settle(10);
  }

  it('brings cells from a spreadsheet, and rows for them', async () => {
    const wrapper = await grid([{ sku: '', qty: 0 }]);
    await paste(wrapper, 'SKU-1001\tMy name\t\t5\t10.5\nSKU-1002\t\t\t1,200\t3*2\n');
    expect(rows().map((row) => [row.sku, row.qty, row.rate])).toEqual([['SKU-1001', 5, 10.5], ['SKU-1002', 1200, 6]]);
    expect(rows()[0]!.stock_uom).toBe('件');
    expect(rows()[1]!.sku_name).toBe('保温杯 500ml 星空蓝');
  });

  it('marks cells that cannot be read, and sets the others', async () => {
    const wrapper = await grid([{ sku: '', qty: 4 }]);
    await paste(wrapper, 'SKU-1001\t\t\tfive\t9');
    expect(rows()[0]).toMatchObject({ sku: 'SKU-1001', qty: 4, rate: 9 });
    expect(cell(wrapper, 0, QTY).classes()).toContain('faulty');
  });

  it('takes ticked rows as cells', async () => {
    const wrapper = await grid([{ sku_name: 'Tea', qty: 2, rate: 5 }]);
    await wrapper.get('[role=rowheader] input').setValue(true);
    const set: string[] = [];
    const event = new Event('copy', { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { setData: (_type: string, text: string) => set.push(text) } });
    wrapper.get('[role=grid]').element.dispatchEvent(event);
    expect(set[0]!.split('\t').slice(SKU_NAME, RATE + 1)).toEqual(['Tea', '', '2', '5.00']);
  });
});
