import { describe, expect, it } from 'vitest';
import { describe as describeFilter, fromQuery, isComplete, operatorsFor, quickRanges, readFilters, splitList, toQuery, toTuple, usualOperator, valuesFromFilters, type Filter } from '../filters';
import { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { testFormat } from '../../../tests/format';
import { columnLabel, columnUnit, listColumns, requestedFields } from './columns';
import { atStart, fromAddress, initialState, isSortable, readRows, sortedBy, toAddress, toRequest, withFieldFilter, withPageLength } from './query';

const meta = new Meta({
  name: 'Sales Order', is_submittable: 1, sort_field: 'date', sort_order: 'ASC', title_field: 'title',
  fields: [
    { fieldname: 'title', fieldtype: 'Data', label: 'Title', in_list_view: 1 }, { fieldname: 'status', fieldtype: 'Select', label: 'Status', in_list_view: 1 },
    { fieldname: 'date', fieldtype: 'Date', label: 'Date', in_list_view: 1 }, { fieldname: 'total', fieldtype: 'Currency', label: 'Total', options: 'currency', in_list_view: 1 },
    { fieldname: 'currency', fieldtype: 'Link', label: 'Currency', options: 'Currency' }, { fieldname: 'qty', fieldtype: 'Float', label: 'Qty' },
  ],
});
const filter = (fieldname: string, operator: Filter['operator'], value: unknown): Filter => ({ doctype: 'Sales Order', fieldname, operator, value });

describe('filters', () => {
  it('say when they are complete', () => {
    expect(isComplete(filter('qty', '=', 0))).toBe(true);
    expect(isComplete(filter('title', 'like', ''))).toBe(false);
    expect(isComplete(filter('date', 'Between', ['2024-01-01', '']))).toBe(false);
    expect(isComplete(filter('status', 'in', []))).toBe(false);
  });

  it('travel as upstream expects them', () => {
    expect(toTuple(filter('title', 'like', 'tea'))).toEqual(['Sales Order', 'title', 'like', '%tea%']);
    expect(toTuple(filter('title', 'like', 'tea%'))).toEqual(['Sales Order', 'title', 'like', 'tea%']);
    expect(toTuple(filter('qty', '>', 5))).toEqual(['Sales Order', 'qty', '>', 5]);
  });

  it('are read in all of upstream\'s forms', () => {
    expect(readFilters([['Sales Order', 'title', 'like', '%tea%'], ['qty', '>', 5], ['status', 'Open']], 'Sales Order')).toEqual([filter('title', 'like', 'tea'), filter('qty', '>', 5), filter('status', '=', 'Open')]);
    expect(readFilters({ status: 'Open', qty: ['<', 3], date: ['between', ['a', 'b']] }, 'Sales Order')).toEqual([filter('status', '=', 'Open'), filter('qty', '<', 3), filter('date', 'Between', ['a', 'b'])]);
    expect(readFilters('nonsense', 'X')).toEqual([]);
  });

  it('live in the address and come back', () => {
    const all = [filter('status', '=', 'Open'), filter('qty', '>', 5), filter('qty', '<', 9), { doctype: 'Sales Order Item', fieldname: 'sku', operator: '=' as const, value: 'A' }, filter('qty', '=', 7)];
    const query = toQuery(all, 'Sales Order');
    expect(query.status).toBe('Open');
    expect(query['Sales Order Item.sku']).toBe('A');
    const back = fromQuery(query, meta);
    expect(back).toHaveLength(5);
    expect(back).toEqual(expect.arrayContaining(all));
    expect(fromQuery({ _sort: 'x', unknown: '1' }, meta)).toEqual([]);
  });

  it('offer what fits the field', () => {
    expect(usualOperator(meta.field('title')!)).toBe('like');
    expect(usualOperator(meta.field('date')!)).toBe('Between');
    expect(operatorsFor(meta.field('currency')!)).not.toContain('descendants of');
    expect(operatorsFor(meta.field('currency')!, true)).toContain('descendants of');
  });

  it('speak in words', () => {
    const show = (value: unknown): string => String(value);
    expect(describeFilter(filter('qty', '>', 5), 'Qty', show)).toBe('Qty greater than 5');
    expect(describeFilter(filter('date', 'Between', ['a', 'b']), 'Date', show)).toBe('Date between a – b');
    expect(describeFilter(filter('title', 'is', 'not set'), 'Title', show)).toBe('Title is empty');
    const many = filter('title', 'in', Array.from({ length: 32 }, (_, index) => `SO-${index}`));
    expect(describeFilter(many, 'Title', show)).toMatch(/SO-0, SO-1, SO-2 and 29 more$/);
    expect(describeFilter(filter('title', 'in', ['a', 'b', 'c', 'd']), 'Title', show)).toMatch(/a, b, c, d$/);
  });

  it('become values of a new document when they are plain', () => {
    expect(valuesFromFilters([filter('status', '=', 'Open'), filter('qty', '>', 5), filter('date', 'Between', ['a', 'b'])], 'Sales Order')).toEqual({ status: 'Open' });
  });

  it('have ranges from the present day, and lists from typed text', () => {
    expect(quickRanges('2024-03-15').map((item) => item.range)).toContainEqual(['2024-02-01', '2024-02-29']);
    expect(splitList('a，b, c\nd')).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the state of a list', () => {
  const start = initialState(meta, 50);

  it('begins as the DocType says', () => {
    expect(start).toMatchObject({ sortField: 'date', sortOrder: 'asc', start: 0, pageLength: 50 });
    expect(initialState(new Meta({ name: 'X', fields: [], sort_field: 'modified desc, name' }), 20)).toMatchObject({ sortField: 'modified', sortOrder: 'desc' });
  });

  it('goes to the first page when the question changes, not when the page length does', () => {
    const far = atStart(start, 100);
    expect(withFieldFilter(far, 'status', filter('status', '=', 'Open')).start).toBe(0);
    expect(sortedBy(far, 'title').start).toBe(0);
    expect(withPageLength(far, 20).start).toBe(100);
    expect(withPageLength(atStart(start, 150), 100).start).toBe(100);
    expect(atStart(start, -50).start).toBe(0);
  });

  it('turns the order round the second time; numbers begin with the largest', () => {
    const once = sortedBy(start, 'total', true);
    expect(once).toMatchObject({ sortField: 'total', sortOrder: 'desc' });
    expect(sortedBy(once, 'total', true).sortOrder).toBe('asc');
    expect(sortedBy(start, 'title').sortOrder).toBe('asc');
  });

  it('asks for one row more than it shows, in a stable order', () => {
    expect(toRequest(start, ['name'])).toMatchObject({ page_length: 51, order_by: '`tabSales Order`.`date` asc, `tabSales Order`.`name` asc', view: 'List' });
    expect(toRequest(sortedBy(start, 'name'), ['name']).order_by).toBe('`tabSales Order`.`name` asc');
    expect(toRequest(start, ['name']).group_by).toBeUndefined();
    expect(toRequest({ ...start, filters: [{ doctype: 'Sales Order Item', fieldname: 'sku', operator: '=', value: 'A' }] }, ['name']).group_by).toBe('`tabSales Order`.`name`');
  });

  it('offers to sort a journal only by columns with an index', () => {
    const fields: DocField[] = [{ fieldname: 'account', fieldtype: 'Link', search_index: 1 }, { fieldname: 'debit', fieldtype: 'Currency' }];
    const offered = (data: object): string[] => ['account', 'debit', 'creation'].filter((name) => isSortable(new Meta({ name: 'Entry', fields, ...data }), name));
    expect(offered({ in_create: 1, sort_field: 'creation' })).toEqual(['account', 'creation']);
    expect(offered({ sort_field: 'creation' })).toEqual(['account', 'debit', 'creation']);
  });

  it('lives in the address and comes back', () => {
    const state = atStart(sortedBy(withFieldFilter(start, 'status', filter('status', '=', 'Open')), 'total', true), 50);
    expect(fromAddress(toAddress(state, start), start, meta)).toEqual(state);
    expect(toAddress(start, start)).toEqual({});
    expect(fromAddress({ _sort: 'nonsense desc' }, start, meta).sortField).toBe('date');
  });

  it('starts with the filters of its script until the address says otherwise', () => {
    const open = { ...start, filters: [filter('status', '=', 'Open')] };
    expect(fromAddress({}, open, meta).filters).toEqual(open.filters);
    expect(toAddress(open, open)).toEqual({});
    expect(fromAddress({ qty: '5' }, open, meta).filters).toEqual([filter('qty', '=', 5)]);
    const all = { ...open, filters: [] };
    expect(fromAddress(toAddress(all, open), open, meta).filters).toEqual([]);
  });

  it('reads rows in both shapes', () => {
    expect(readRows({ keys: ['a', 'b'], values: [[1, 2], [3, 4]] })).toEqual([{ a: 1, b: 2 }, { a: 3, b: 4 }]);
    expect(readRows([])).toEqual([]);
    expect(readRows(null)).toEqual([]);
  });
});

describe('columns', () => {
  const columns = listColumns(meta);

  it('begin with what the document is and its state', () => {
    expect(columns.map((column) => column.key)).toEqual(['name', 'title', '_status', 'date', 'total', 'modified']);
    expect(columns.find((column) => column.key === 'total')!.align).toBe('end');
  });

  it('follow the user\'s choice', () => {
    // The identity is always there, a field that is gone never; nothing else is added.
    expect(listColumns(meta, ['qty', 'gone', '_status']).map((column) => column.key)).toEqual(['name', 'qty', '_status']);
  });

  it('put a name that was drawn by lot last', () => {
    const ledger = new Meta({ name: 'Entry', autoname: 'hash', fields: ['account', 'debit', 'credit'].map((fieldname) => ({ fieldname, fieldtype: 'Data', label: fieldname, in_list_view: 1 })) });
    expect(listColumns(ledger).map((column) => column.key)).toEqual(['account', 'debit', 'credit', 'name']);
  });

  it('let the title stand for a name that a script hides, not for one that the user chose', () => {
    const jobs = new Meta({ name: 'Job', title_field: 'title', fields: ['queue', 'title'].map((fieldname) => ({ fieldname, fieldtype: 'Data', label: fieldname, in_list_view: 1 })) });
    expect(listColumns(jobs, [], true).map(({ key, kind }) => [key, kind])).toEqual([['title', 'subject'], ['queue', 'field'], ['modified', 'field']]);
    expect(listColumns(jobs, ['queue'], true).map(({ key }) => key)).toEqual(['name', 'queue']);
  });

  it('do not repeat a name that is the title', () => {
    const accounts = new Meta({ name: 'Account', autoname: 'field:title', title_field: 'title', fields: [{ fieldname: 'title', fieldtype: 'Data', label: 'Title', in_list_view: 1 }] });
    expect(listColumns(accounts).map(({ key }) => key)).toEqual(['name', 'modified']);
  });

  it('ask for what they need', () => {
    expect(requestedFields(meta, columns, ['extra'])).toEqual(['name', 'docstatus', 'modified', 'owner', '_assign', '_user_tags', '_liked_by', '_comments', 'title', 'status', 'date', 'total', 'currency', 'extra']);
  });

  it('carry their unit in the head when all rows share it', () => {
    const total = meta.field('total')!;
    const row = (currency: string) => ({ doctype: 'Sales Order', name: currency, currency });
    expect(columnUnit(total, [row('CNY'), row('CNY')], testFormat())).toBe('CNY');
    expect(columnUnit(total, [row('CNY'), row('USD')], testFormat())).toBeNull();
    expect(columnUnit(meta.field('qty')!, [row('CNY')], testFormat())).toBeNull();
    expect(columnLabel(columns[4]!, 'CNY')).toBe('Total (CNY)');
  });
});
