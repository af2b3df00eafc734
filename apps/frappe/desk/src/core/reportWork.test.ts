import { describe, expect, it } from 'vitest';
import { DOCTYPES } from '../../tests/fake/doctypes';
import { drillFilters } from './drillDown';
import { Meta } from './meta/meta';
import type { ReportColumn } from './report';
import { paperHtml } from './reportPaper';

const meta = new Meta(DOCTYPES.find(({ name }) => name === 'Sales Order')!);
const column = (fieldname: string, fieldtype: ReportColumn['fieldtype'], options?: string): ReportColumn => ({ fieldname, label: fieldname, fieldtype, ...(options ? { options } : {}) });
const plain = (columns: ReportColumn[], row: Record<string, unknown>, asked = {}): unknown => Object.fromEntries(drillFilters(meta, columns, row, asked).map(({ fieldname, value }) => [fieldname, value]));

describe('from a row to its documents', () => {
  it('leads by the links and choices that the DocType has', () => {
    expect(plain([column('shop', 'Link', 'Shop'), column('status', 'Select'), column('amount', 'Currency')], { shop: 'S1', status: 'To Bill', amount: 5 })).toEqual({ shop: 'S1', status: 'To Bill' });
  });

  it('finds the field by its DocType where the column is called otherwise', () => {
    expect(plain([column('buyer', 'Link', 'Customer')], { buyer: 'C1' })).toEqual({ customer: 'C1' });
  });

  it('takes the document itself by its name', () => {
    expect(plain([column('order', 'Link', 'Sales Order')], { order: 'SO-1' })).toEqual({ name: 'SO-1' });
  });

  it('adds what the report was asked for, and leaves out what means nothing to the DocType', () => {
    expect(plain([], {}, { company: 'A', from_date: '2024-01-01', period: 'Month', list: ['x'] })).toEqual({ company: 'A' });
  });
});

describe('a report on paper', () => {
  it('has its rows, sums and conditions, and nothing of the data as markup', () => {
    const html = paperHtml({ title: 'Stock <b>', notes: ['Brand: A&B'], columns: [{ label: 'SKU', isNumber: false }, { label: 'Qty', isNumber: true }], rows: [{ cells: ['<script>', '2'], indent: 1, bold: false }], total: ['Total', '2'] });
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('Brand: A&amp;B');
    expect(html).toContain('<tfoot>');
  });
});
