import { describe, expect, it } from 'vitest';
import { Meta } from '../meta/meta';
import { differences, merged, rowNews, type MergeParts } from './merge';
import type { Doc } from './types';

const rowMeta = new Meta({ name: 'Row', istable: 1, fields: [{ fieldname: 'qty', fieldtype: 'Float', label: 'Qty' }, { fieldname: 'note', fieldtype: 'Data', label: 'Note' }] });
const meta = new Meta({ name: 'Order', fields: [{ fieldname: 'customer', fieldtype: 'Data', label: 'Customer' }, { fieldname: 'remark', fieldtype: 'Data', label: 'Remark' }, { fieldname: 'items', fieldtype: 'Table', label: 'Items', options: 'Row' }] });
const row = (name: string, qty: number, note = ''): Doc => ({ doctype: 'Row', name, qty, note });
const doc = (customer: string, remark: string, ...items: Doc[]): Doc => ({ doctype: 'Order', name: 'O-1', customer, remark, items });
const parts = (base: Doc, mine: Doc, theirs: Doc): MergeParts => ({ base, mine, theirs, meta, childMeta: () => rowMeta });

describe('a merge', () => {
  it('keeps what only one side changed, of both sides', () => {
    const given = parts(doc('A', '', row('1', 1)), doc('B', '', row('1', 1, 'mine')), doc('A', 'urgent', row('1', 7)));
    expect(merged(given, {})).toEqual(doc('B', 'urgent', row('1', 7, 'mine')));
    expect(differences(given).some((difference) => difference.clashes)).toBe(false);
  });

  it('asks where both changed one value, and takes theirs until somebody says otherwise', () => {
    const given = parts(doc('A', ''), doc('Mine', ''), doc('Theirs', ''));
    expect(differences(given)).toMatchObject([{ key: 'customer', base: 'A', mine: 'Mine', theirs: 'Theirs', clashes: true }]);
    expect(merged(given, {}).customer).toBe('Theirs');
    expect(merged(given, { customer: 'mine' }).customer).toBe('Mine');
  });

  it('is no question when both changed to the same', () => {
    expect(differences(parts(doc('A', ''), doc('B', ''), doc('B', '')))).toMatchObject([{ clashes: false }]);
  });

  it('keeps rows that either side added, and drops those that either removed', () => {
    const given = parts(doc('A', '', row('1', 1), row('2', 1), row('3', 1)), doc('A', '', row('1', 1), row('3', 1), row('new', 9)), doc('A', '', row('1', 1), row('2', 1), row('4', 4)));
    expect((merged(given, {}).items as Doc[]).map((item) => item.name)).toEqual(['1', '4', 'new']);
    expect(rowNews(given)).toEqual(['Items: 1 rows added by you', 'Items: 1 rows removed by you', 'Items: 1 rows added by the other', 'Items: 1 rows removed by the other']);
  });

  it('asks per cell of a row', () => {
    const given = parts(doc('A', '', row('1', 1)), doc('A', '', row('1', 5)), doc('A', '', row('1', 7)));
    expect(differences(given).map((difference) => difference.key)).toEqual(['items/1/qty']);
    expect((merged(given, { 'items/1/qty': 'mine' }).items as Doc[])[0]!.qty).toBe(5);
  });
});
