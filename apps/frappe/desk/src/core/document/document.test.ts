import { describe, expect, it } from 'vitest';
import { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { setCatalogues } from '../i18n';
import { connectionsOf } from './connections';
import { copyDocument, defaultOf, newDocument } from './defaults';
import { placeErrors } from './errors';
import { fetchedValues, fetchRules } from './fetch';
import { timeline } from './timeline';
import { testFormat } from '../../../tests/format';
import { addsUp, columnSum, totalFields } from './totals';
import { parseCells, writeCells } from './tsv';
import type { Doc } from './types';

const sources = { user: 'zhang@example.com', userDefaults: { company: 'EC', user: 'zhang@example.com', warehouse: ['A', 'B'] }, now: '2024-03-15 10:30:00' };
const field = (fieldtype: DocField['fieldtype'], more: Partial<DocField> = {}): DocField => ({ fieldname: 'f', fieldtype, label: 'F', ...more });

describe('defaults', () => {
  it.each([
    [field('Date', { default: 'Today' }), '2024-03-15'], [field('Datetime', { default: 'Now' }), '2024-03-15 10:30:00'], [field('Time', { default: 'now' }), '10:30:00'],
    [field('Link', { options: 'User', default: '__user' }), 'zhang@example.com'], [field('Link', { options: 'User' }), ''], [field('Link', { options: 'Company' }), 'EC'], [field('Link', { options: 'Company', default: ':Company' }), 'EC'],
    [field('Link', { options: 'Warehouse' }), ''], [field('Link', { options: 'Company', ignore_user_permissions: 1 }), ''], [field('Select', { options: 'A\nB' }), 'A'],
    [field('Select', { options: '\nA\nB' }), ''], [field('Int', { default: '7' }), 7], [field('Check', { default: '1' }), 1], [field('Currency'), 0], [field('Data', { default: 'Today' }), 'Today'],
  ])('%o', (given, expected) => {
    expect(defaultOf(given, sources)).toBe(expected);
  });

  it('of a row may come from its document', () => {
    expect(defaultOf(field('Link', { options: 'Company', default: ':Company' }), sources, { doctype: 'Order', name: 'O', company: 'Other' })).toBe('Other');
  });
});

const rowMeta = new Meta({ name: 'Order Item', istable: 1, fields: [{ fieldname: 'sku', fieldtype: 'Link' }, { fieldname: 'delivered', fieldtype: 'Float', no_copy: 1 }] });
const meta = new Meta({
  name: 'Sales Order',
  fields: [
    { fieldname: 'customer', fieldtype: 'Link', label: 'Customer', options: 'Customer' }, { fieldname: 'status', fieldtype: 'Data', label: 'Status', no_copy: 1 }, { fieldname: 'date', fieldtype: 'Date', label: 'Date', default: 'Today' },
    { fieldname: 'items', fieldtype: 'Table', label: 'Items', options: 'Order Item' }, { fieldname: 'amended_from', fieldtype: 'Link', label: 'Amended From', no_copy: 1 },
    { fieldname: 'grand_total', fieldtype: 'Currency', label: 'Grand Total' }, { fieldname: 'total_qty', fieldtype: 'Float', label: 'Total Quantity' },
  ],
  links: [{ link_doctype: 'Delivery Note', link_fieldname: 'sales_order', group: 'Fulfilment' }],
  __dashboard: { fieldname: 'sales_order', non_standard_fieldnames: { Payment: 'reference' }, internal_links: { Quotation: ['items', 'sku'] }, transactions: [{ label: 'Money', items: ['Payment', 'Quotation'] }] },
});
const source: Doc = { doctype: 'Sales Order', name: 'SO-1', docstatus: 2, owner: 'x', creation: '2024-01-01', customer: 'C', status: 'Done', items: [{ doctype: 'Order Item', name: 'r', sku: 'S', delivered: 5 }] };
const childMeta = (): Meta => rowMeta;

describe('a new document', () => {
  it('takes known values from outside and no others', () => {
    const doc = newDocument(meta, sources, { customer: 'C', nonsense: 1 });
    expect(doc).toMatchObject({ customer: 'C', date: '2024-03-15', items: [], docstatus: 0, __islocal: 1 });
    expect(doc).not.toHaveProperty('nonsense');
  });

  it('as a copy leaves behind what must not be copied', () => {
    const copy = copyDocument(meta, source, sources, { childMeta });
    expect(copy).toMatchObject({ customer: 'C', status: '', docstatus: 0, owner: 'zhang@example.com', amended_from: '' });
    expect(copy.name).not.toBe('SO-1');
    expect((copy.items as Doc[])[0]).toMatchObject({ sku: 'S', parent: copy.name, __islocal: 1 });
    expect((copy.items as Doc[])[0]!.delivered).toBeUndefined();
  });

  it('as an amendment points at its predecessor and keeps everything', () => {
    const copy = copyDocument(meta, source, sources, { childMeta, amend: true });
    expect(copy).toMatchObject({ amended_from: 'SO-1', status: 'Done', docstatus: 0 });
    expect((copy.items as Doc[])[0]!.delivered).toBe(5);
  });
});

describe('fetched values', () => {
  const fields = [field('Data', { fieldname: 'name2', fetch_from: 'sku.sku_name' }), field('Currency', { fieldname: 'rate', fetch_from: 'sku.standard_rate', fetch_if_empty: 1 }), field('Data', { fieldname: 'other', fetch_from: 'brand.x' })];

  it('are asked for by the link they come from, scripts\' rules included', () => {
    expect(fetchRules(fields, 'sku', { sku: [{ target: 'unit', source: 'uom', onlyIfEmpty: false }] }).map((rule) => rule.target)).toEqual(['name2', 'rate', 'unit']);
  });

  it('respect what is already there, and go when the link goes', () => {
    const rules = fetchRules(fields, 'sku');
    const doc: Doc = { doctype: 'X', name: '1', rate: 9 };
    expect(fetchedValues(rules, { sku_name: 'Tea', standard_rate: 5 }, doc, fields)).toEqual({ name2: 'Tea' });
    expect(fetchedValues(rules, { sku_name: 'Tea', standard_rate: 5 }, { ...doc, rate: 0 }, fields)).toEqual({ name2: 'Tea', rate: 5 });
    expect(fetchedValues(rules, null, doc, fields)).toEqual({ name2: '' });
  });
});

describe('cells on the clipboard', () => {
  it('come back the same, with tabs, quotes and line breaks inside', () => {
    const cells = [['a', 'b\tc'], ['say "hi"', 'two\nlines'], ['', 'x']];
    expect(parseCells(writeCells(cells))).toEqual(cells);
  });

  it('are read as spreadsheets write them', () => {
    expect(parseCells('1\t2\r\n3\t4\r\n')).toEqual([['1', '2'], ['3', '4']]);
    expect(parseCells('"a ""quoted"" cell"\tb')).toEqual([['a "quoted" cell', 'b']]);
    expect(parseCells('5" pipe\tx')).toEqual([['5" pipe', 'x']]);
  });
});

describe('sums', () => {
  it('are of amounts, not of prices', () => {
    const named = (fieldname: string): boolean => addsUp(field('Currency', { fieldname }));
    expect(['qty', 'amount', 'net_amount', 'debit'].filter((name) => !addsUp(field('Float', { fieldname: name })))).toEqual([]);
    expect(['rate', 'price_list_rate', 'amount_per_unit', 'qty_after', 'conversion_factor'].filter(named)).toEqual([]);
  });

  it('are free of binary dust', () => {
    expect(columnSum([{ doctype: '', name: '1', qty: 0.1 }, { doctype: '', name: '2', qty: 0.2 }], 'qty')).toBe(0.3);
  });

  it('of the document stand in reading order', () => {
    expect(totalFields(meta).map((item) => item.fieldname)).toEqual(['total_qty', 'grand_total']);
  });
});

describe('errors', () => {
  const itemMeta = new Meta({ name: 'Order Item', fields: [{ fieldname: 'qty', fieldtype: 'Float', label: 'Quantity' }, { fieldname: 'rate', fieldtype: 'Currency', label: 'Rate' }] });
  const place = (message: string, more = {}): unknown => placeErrors([{ message, ...more }], meta, () => itemMeta).placed[0];

  it('go to the field they name', () => {
    expect(place('Value missing for Sales Order: <strong>Customer</strong>')).toMatchObject({ fieldname: 'customer' });
    expect(place('Row #2: Quantity must be positive')).toMatchObject({ table: 'items', row: 2, fieldname: 'qty' });
    expect(place('x', { fieldname: 'rate', parentfield: 'items', row: 3 })).toMatchObject({ table: 'items', row: 3, fieldname: 'rate' });
  });

  it('go there in Chinese, too', () => {
    setCatalogues('zh', { Customer: '客户', Quantity: '数量' });
    expect(place('客户不能为空')).toMatchObject({ fieldname: 'customer' });
    expect(place('第2行：数量必须大于0')).toMatchObject({ table: 'items', row: 2, fieldname: 'qty' });
  });

  it('that name no field are not lost and not misplaced', () => {
    const { placed, general } = placeErrors([{ message: 'Something about Customers in general' }, { message: 'No stock' }], meta, () => itemMeta);
    expect(placed).toEqual([]);
    expect(general).toHaveLength(2);
  });
});

describe('connections', () => {
  it('come from links and dashboard, each with the conditions of its list', () => {
    const found = connectionsOf(meta, { ...source, items: [{ doctype: 'Order Item', name: 'r', sku: 'Q-1' }] });
    expect(found.map((item) => item.doctype)).toEqual(['Delivery Note', 'Payment', 'Quotation']);
    expect(found[0]!.filters).toEqual([{ doctype: 'Delivery Note', fieldname: 'sales_order', operator: '=', value: 'SO-1' }]);
    expect(found[1]!.filters[0]).toMatchObject({ fieldname: 'reference' });
    expect(found[2]!.filters[0]).toMatchObject({ operator: 'in', value: ['Q-1'] });
  });
});

describe('the history', () => {
  it('has comments, changes and the beginning, newest first', () => {
    const events = timeline({ ...source, creation: '2024-01-01 08:00:00' }, {
      comments: [{ name: 'c', creation: '2024-01-03 08:00:00', owner: 'a', content: 'hello' }],
      versions: [{ name: 'v', creation: '2024-01-02 08:00:00', owner: 'b', data: JSON.stringify({ changed: [['status', 'Open', '<b>Done</b>']], added: [['items', {}], ['items', {}]], row_changed: [['items', 0, 'r', [['qty', 1, 2]]]] }) }],
    }, meta);
    expect(events.map((event) => event.kind)).toEqual(['comment', 'change', 'created']);
    expect(events[1]!.changes).toEqual([{ label: 'Status', from: 'Open', to: 'Done' }, { label: 'Items, row 1: qty', from: '1', to: '2' }]);
    expect(events[1]!.text).toContain('2');
  });

  it('names the fields of a table\'s rows and writes values as the reader does', () => {
    const child = new Meta({ name: 'Order Item', istable: 1, fields: [{ fieldname: 'at', fieldtype: 'Datetime', label: 'Counted At' }] });
    const data = JSON.stringify({ row_changed: [['items', 0, 'r', [['at', null, '2024-01-02 03:04:05.123456']]]] });
    const [change] = timeline(source, { versions: [{ name: 'v', creation: '2024-01-02 08:00:00', owner: 'b', data }] }, meta, { format: testFormat(), childMeta: () => child });
    expect(change!.changes).toEqual([{ label: 'Items, row 1: Counted At', from: '', to: expect.stringMatching(/^2024-01-02 \d\d:\d\d$/) as string }]);
  });
});
