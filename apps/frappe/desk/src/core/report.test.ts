import { describe, expect, it } from 'vitest';
import { addUp, arranged, columnWidths, grouped, matching, readColumn, readRows, sorted, totals, treeRows, visibleRows, type ReportColumn } from './report';

const columns = [readColumn({ fieldname: 'sku', label: 'SKU', fieldtype: 'Data' }, 0), readColumn({ fieldname: 'qty', label: 'Qty', fieldtype: 'Float' }, 1), readColumn({ fieldname: 'share', label: 'Share', fieldtype: 'Percent' }, 2)];
const rows = [{ sku: 'B', qty: 0.1, share: 10 }, { sku: 'A', qty: 0.2, share: 90 }, { sku: '', qty: 5, share: 0 }];
const collator = new Intl.Collator('en');

describe('columns', () => {
  it('are read from upstream\'s short text', () => {
    expect(readColumn('Customer:Link/Customer:140', 0)).toEqual({ fieldname: 'customer', label: 'Customer', fieldtype: 'Link', options: 'Customer', width: 140 });
  });

  it('stand as the user arranged them', () => {
    const shown = arranged(columns, { order: ['qty', 'sku'], hidden: ['share'], widths: { qty: 77 } });
    expect(shown.map(({ fieldname, width }) => [fieldname, width])).toEqual([['qty', 77], ['sku', undefined]]);
  });
});

describe('the width of columns', () => {
  const texts = ({ fieldname }: ReportColumn): string[] => (fieldname === 'sku' ? ['QH-CF01-L', '棉麻收纳篮'] : ['1,000.00']);

  it('fills the room, which the texts share', () => {
    const [sku, qty, share] = columnWidths(columns, texts, 600);
    expect(sku! + qty! + share!).toBeGreaterThan(596);
    expect(qty).toBe(share);
    expect(sku).toBeGreaterThan(qty! * 3);
  });

  it('is what the texts need where room is short, whatever a report asks for', () => {
    const wide = columns.map((column) => ({ ...column, width: 400 }));
    expect(columnWidths(wide, texts, 300).reduce((sum, width) => sum + width, 0)).toBeLessThan(300);
  });

  it('stays as a person made it', () => {
    expect(columnWidths([{ ...columns[0]!, width: 333, chosen: true }, columns[1]!], texts, 200)[0]).toBe(333);
  });
});

describe('rows', () => {
  it('do not add up columns that say so', () => {
    const cost: ReportColumn = { fieldname: 'cost', label: 'Unit Cost', fieldtype: 'Currency', disable_total: 1 };
    expect(totals([{ cost: 2 }, { cost: 3 }], [cost])).toEqual({});
  });

  it('come as objects or lists, the total apart', () => {
    const read = readRows([['A', 1, 2], ['Total', 1, 2]], columns, true);
    expect(read).toEqual({ rows: [{ sku: 'A', qty: 1, share: 2 }], total: { sku: 'Total', qty: 1, share: 2 } });
    expect(readRows([{ sku: 'A' }], columns, true).total).toBeNull();
  });

  it('sort by a column, empty ones last either way', () => {
    const order = (direction: 'asc' | 'desc'): unknown[] => sorted(rows, columns, { fieldname: 'sku', order: direction }, collator).map((row) => row.sku);
    expect(order('asc')).toEqual(['A', 'B', '']);
    expect(order('desc')).toEqual(['B', 'A', '']);
  });

  it('add up exactly, percentages not at all', () => {
    expect(addUp([0.1, 0.2, 1.005])).toBe(1.305);
    expect(totals(rows, columns as ReportColumn[])).toEqual({ qty: 5.3 });
  });

  it('are found by text', () => {
    expect(matching(rows, columns, ' b ').map((row) => row.sku)).toEqual(['B']);
  });
});

describe('groups', () => {
  it('hold their rows and sums', () => {
    const made = grouped([{ sku: 'A', qty: 1 }, { sku: 'B', qty: 5 }, { sku: 'A', qty: 2 }], columns, 'sku');
    expect(made.map(({ isGroup, group, row }) => (isGroup ? [group!.value, group!.count, row.qty] : row.qty))).toEqual([['A', 2, 3], 1, 2, ['B', 1, 5], 5]);
  });

  it('of a tree fold with everything below them', () => {
    const tree = treeRows([{ name: 'a', indent: 0 }, { name: 'b', indent: 1 }, { name: 'c', indent: 2 }, { name: 'd', indent: 0 }]);
    expect(tree.map((row) => row.isGroup)).toEqual([true, true, false, false]);
    expect(visibleRows(tree, new Set([tree[0]!.key])).map(({ row }) => row.name)).toEqual(['a', 'd']);
    expect(visibleRows(tree, new Set([tree[1]!.key])).map(({ row }) => row.name)).toEqual(['a', 'b', 'd']);
  });
});
