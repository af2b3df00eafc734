import { describe, expect, it } from 'vitest';
import { cardFilters, aggregate } from './numberCard';
import { RouteBook, toPath } from './routes';
import { countText, linkRoute, readBlocks, shortcutRoute, shortcutUrl, type DesktopPage } from './workspace';

const page: DesktopPage = {
  shortcuts: { items: [{ label: 'To Ship', type: 'DocType', link_to: 'Sales Order', stats_filter: '[["Sales Order","status","=","To Ship"]]' }] },
  number_cards: { items: [{ number_card_name: 'Orders Today', label: 'Orders Today' }] },
};
const content = (...blocks: [string, Record<string, unknown>][]): string => JSON.stringify(blocks.map(([type, data]) => ({ type, data })));

describe('the blocks of a workspace', () => {
  it('stand in their order, with their widths', () => {
    const blocks = readBlocks(content(['number_card', { number_card_name: 'Orders Today', col: 4 }], ['shortcut', { shortcut_name: 'To Ship', col: 3 }]), page);
    expect(blocks.map(({ kind, width }) => [kind, width])).toEqual([['number_card', 4], ['shortcut', 3]]);
  });

  it('leave out what the user may not see, and headings over nothing', () => {
    const blocks = readBlocks(content(['header', { text: 'Money' }], ['shortcut', { shortcut_name: 'Salaries' }], ['header', { text: 'Work' }], ['shortcut', { shortcut_name: 'To Ship' }]), page);
    expect(blocks.map((block) => (block.kind === 'header' ? block.text : block.kind))).toEqual(['Work', 'shortcut']);
  });

  it('have a usual order when the document gives none', () => {
    for (const nothing of ['', 'not json', '[]', null]) expect(readBlocks(nothing, page).map(({ kind }) => kind)).toEqual(['shortcut', 'number_card']);
  });
});

describe('a shortcut', () => {
  it('leads to its list with its conditions', () => {
    expect(shortcutRoute(page.shortcuts!.items[0]!)).toEqual({ route: { kind: 'list', doctype: 'Sales Order', view: 'list' }, filters: [{ doctype: 'Sales Order', fieldname: 'status', operator: '=', value: 'To Ship' }] });
    expect(shortcutRoute({ label: 'x', type: 'DocType', link_to: 'SKU', doc_view: 'New' })!.route).toEqual({ kind: 'new', doctype: 'SKU' });
    expect(shortcutRoute({ label: 'x', type: 'Report', link_to: 'Stock' })!.route).toEqual({ kind: 'report', report: 'Stock' });
  });

  it('leads out of the desk only to addresses of the web', () => {
    const url = (text: string): string | null => shortcutUrl({ label: 'x', type: 'URL', url: text });
    expect([url('https://example.com'), url('/files/a.pdf'), url('javascript:alert(1)'), url('//evil.example')]).toEqual(['https://example.com', '/files/a.pdf', null, null]);
  });

  it('says its number in its own words', () => {
    expect(countText('{} Open', '5')).toBe('5 Open');
    expect(countText('', '5')).toBe('5');
  });
});

it('a link leads to a list or a report', () => {
  expect(linkRoute({ label: 'a', link_type: 'DocType', link_to: 'SKU' })).toEqual({ kind: 'list', doctype: 'SKU', view: 'list' });
  expect(linkRoute({ label: 'a', link_type: 'Report', link_to: 'Aging', is_query_report: 1 })).toEqual({ kind: 'report', report: 'Aging' });
});

describe('addresses of workspaces, reports and dashboards', () => {
  const book = new RouteBook([{ name: 'Sales Order' }], [{ name: 'Orders', title: 'Orders' }]);
  it('are read and written', () => {
    expect(book.parse(['orders'])).toEqual({ kind: 'workspace', workspace: 'Orders' });
    expect(book.parse(['query-report', 'Stock / Age'])).toEqual({ kind: 'report', report: 'Stock / Age' });
    for (const route of [{ kind: 'workspace', workspace: 'Orders' }, { kind: 'report', report: 'Stock / Age' }, { kind: 'dashboard', dashboard: 'Business' }] as const) {
      expect(book.parse(toPath(route).split('/').filter(Boolean).map(decodeURIComponent))).toEqual(route);
    }
  });
});

describe('a number card', () => {
  const names = { frappe: { datetime: { nowdate: () => '2026-11-22' } } };
  it('works out conditions of the day, and leaves out those it cannot', () => {
    const dynamic = JSON.stringify([['Sales Order', 'order_date', '>=', 'frappe.datetime.nowdate()'], ['Sales Order', 'owner', '=', 'frappe.nothing.there()']]);
    const filters = cardFilters({ document_type: 'Sales Order', filters_json: '[["Sales Order","docstatus","=",1]]', dynamic_filters_json: dynamic }, names);
    expect(filters.map(({ fieldname, value }) => [fieldname, value])).toEqual([['docstatus', 1], ['order_date', '2026-11-22']]);
  });

  it('brings a column down to a number', () => {
    expect([aggregate([1, 2, 6], 'Sum'), aggregate([1, 2, 6], 'Average'), aggregate([1, 2, 6], 'Minimum'), aggregate([1, 2, 6], 'Maximum'), aggregate([], 'Minimum')]).toEqual([9, 3, 1, 6, 0]);
  });
});
