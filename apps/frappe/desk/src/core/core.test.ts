/** The small modules of the core. */
import { describe, expect, it, vi } from 'vitest';
import { parseBoot, bootFromDocument } from './boot';
import { IndexedDbDrafts } from './drafts';
import { Emitter } from './emitter';
import { __, addMessages, fill, locale, setCatalogues } from './i18n';
import { clone, parseJson, same } from './json';
import { chordOf, isTyping, keysLabel, normaliseKeys, ShortcutBook } from './keyboard';
import { Meta } from './meta/meta';
import { nextStep } from './nextStep';
import { RecentVisits, visited } from './recent';
import { RouteBook, routeFromArguments, safeRedirect, slug, toPath, type Route } from './routes';
import { guessTone, indicatorOf, toneOf } from './status';
import { matchScore, scrub, stripHtml, toHalfWidth, unscrub } from './text';
import { columnTemplate, gridColumns, moveByKey, nextCell, visibleWindow } from './grid';
import type { Doc } from './document/types';
import type { DocField } from './meta/types';

describe('translation', () => {
  it('prefers the exact meaning, then the first catalogue, then English', () => {
    setCatalogues('zh', { New: '新品', Paid: '已付' }, { 'New:Desk': '新建', New: '新', Save: '保存' });
    expect(__('New', null, 'Desk')).toBe('新建');
    expect(__('New')).toBe('新品');
    expect(__('Save')).toBe('保存');
    expect(__('Unknown {0}', [3])).toBe('Unknown 3');
    addMessages({ Paid: '已收款' });
    expect(__('Paid')).toBe('已收款');
  });

  it('fills in what it has', () => {
    expect(fill('{0} of {1}', [1])).toBe('1 of {1}');
    expect(fill('{name}!', { name: 'Li' })).toBe('Li!');
  });

  it('names its language for the browser', () => {
    setCatalogues('zh');
    expect(locale()).toBe('zh-CN');
    setCatalogues('zh-TW');
    expect(locale()).toBe('zh-TW');
    setCatalogues('pt_BR');
    expect(locale()).toBe('pt-BR');
  });
});

describe('the boot', () => {
  it('is whole although the server said little', () => {
    const boot = parseBoot('{"user":{"name":"zhang","roles":["Staff"]},"sysdefaults":{"float_precision":"2","currency_precision":"","date_format":null}}');
    expect(boot.user).toMatchObject({ name: 'zhang', roles: ['Staff'], can_read: [] });
    expect(boot.sysdefaults).toMatchObject({ float_precision: 2, currency_precision: null, date_format: 'yyyy-mm-dd' });
  });

  it('is a guest\'s when there is none', () => {
    expect(bootFromDocument(document).user.name).toBe('Guest');
    expect(parseBoot('nonsense').user.name).toBe('Guest');
  });
});

describe('plain data', () => {
  it('is parsed with a fallback', () => {
    expect(parseJson('{"a":1}', {})).toEqual({ a: 1 });
    expect(parseJson('oops', 5)).toBe(5);
    expect(parseJson(null, 5)).toBe(5);
  });

  it('is copied deeply and compared by content', () => {
    const source = { a: [{ b: 1 }] };
    const copy = clone(source);
    copy.a[0]!.b = 2;
    expect(source.a[0]!.b).toBe(1);
    expect(same(source, { a: [{ b: 1 }] })).toBe(true);
    expect(same('1', 1)).toBe(false);
  });
});

describe('an emitter', () => {
  it('goes on after a listener failed, and stops when told', () => {
    const failed = vi.fn();
    const emitter = new Emitter<{ a: number }>(failed);
    const heard = vi.fn();
    emitter.on('a', () => { throw new Error('no'); });
    const stop = emitter.on('a', heard);
    emitter.emit('a', 1);
    stop();
    emitter.emit('a', 2);
    expect(heard.mock.calls).toEqual([[1]]);
    expect(failed).toHaveBeenCalledTimes(2);
  });
});

describe('text', () => {
  it('changes between labels and keys', () => {
    expect(scrub('Sales Order-Item')).toBe('sales_order_item');
    expect(unscrub('sales_order')).toBe('Sales Order');
    expect(slug('Sales Order')).toBe('sales-order');
    expect(toHalfWidth('ＡＢ１２，。')).toBe('AB12,.');
    expect(stripHtml('<p>a &amp; <b>b</b></p>')).toBe('a & b');
  });

  it('is matched the better the closer it is', () => {
    const scores = ['Sales Order', 'Sales', 'My Sales Order', 'Something old'].map((text) => matchScore('sales order', text));
    expect(scores[0]).toBe(100);
    expect(scores[2]).toBe(60);
    expect(matchScore('so', 'Sales Order')).toBe(70);
    expect(matchScore('so', 'Customer')).toBe(0);
    expect(matchScore('销售', '销售订单')).toBe(80);
    expect(matchScore('xyz', 'Sales Order')).toBe(0);
  });
});

describe('addresses', () => {
  const book = new RouteBook([{ name: 'Sales Order' }, { name: 'SKU' }, { name: 'Stock Settings', issingle: 1 }]);
  const routes: Route[] = [
    { kind: 'home' }, { kind: 'module', module: 'Stock & Co' }, { kind: 'list', doctype: 'Sales Order', view: 'list' }, { kind: 'list', doctype: 'SKU', view: 'report' },
    { kind: 'form', doctype: 'Sales Order', name: 'SO/1 100%' }, { kind: 'new', doctype: 'SKU' }, { kind: 'single', doctype: 'Stock Settings' },
  ];

  it.each(routes)('come back the same: %o', (route) => {
    expect(book.parse(routeFromArguments([toPath(route)]))).toEqual(route);
  });

  it('are understood in upstream\'s forms', () => {
    expect(book.parse(['List', 'Sales Order', 'List'])).toEqual({ kind: 'list', doctype: 'Sales Order', view: 'list' });
    expect(book.parse(['Form', 'Sales Order', 'SO-1'])).toEqual({ kind: 'form', doctype: 'Sales Order', name: 'SO-1' });
    expect(book.parse(['sales-order', 'new-sales-order-abc'])).toEqual({ kind: 'new', doctype: 'Sales Order' });
    expect(book.parse(routeFromArguments(['/app/sales-order/SO-1']))).toEqual({ kind: 'form', doctype: 'Sales Order', name: 'SO-1' });
    expect(book.parse(routeFromArguments([['Form', 'SKU', 'A/B'], { a: 1 }]))).toEqual({ kind: 'form', doctype: 'SKU', name: 'A/B' });
    expect(book.parse(['nothing', 'here'])).toEqual({ kind: 'unknown', path: 'nothing/here' });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/login', 'javascript:alert(1)', '', null])('after login never lead to %s', (target) => {
    expect(safeRedirect(target, '/app')).toBe('/app');
  });

  it('after login lead back to where one was', () => {
    expect(safeRedirect('/app/sku?x=1', '/app')).toBe('/app/sku?x=1');
  });
});

describe('the keyboard', () => {
  const press = (key: string, more: KeyboardEventInit = {}, target: HTMLElement = document.body): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...more });
    Object.defineProperty(event, 'target', { value: target });
    return event;
  };

  it('names chords in one way', () => {
    expect(chordOf(press('S', { ctrlKey: true, shiftKey: true }))).toBe('mod+shift+s');
    expect(chordOf(press('?', { shiftKey: true }))).toBe('?');
    expect(normaliseKeys('Shift+Ctrl+S')).toBe('mod+shift+s');
    expect(keysLabel('mod+s', false)).toBe('Ctrl+S');
    expect(keysLabel('mod+s', true)).toBe('⌘S');
  });

  it('runs the latest binding, and lets go of it', () => {
    const book = new ShortcutBook();
    const [first, second] = [vi.fn(), vi.fn()];
    book.add({ keys: 'mod+s', label: 'a', group: 'g', run: first });
    const remove = book.add({ keys: 'ctrl+s', label: 'b', group: 'g', run: second });
    expect(book.list().map((item) => item.label)).toEqual(['b']);
    book.handle(press('s', { ctrlKey: true }));
    remove();
    book.handle(press('s', { ctrlKey: true }));
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  });

  it('leaves letters alone while somebody types, chords not', () => {
    const book = new ShortcutBook();
    const run = vi.fn();
    book.add({ keys: 'j', label: '', group: '', run });
    book.add({ keys: 'mod+k', label: '', group: '', run });
    const input = document.createElement('input');
    expect(isTyping(input)).toBe(true);
    expect(book.handle(press('j', {}, input))).toBe(false);
    expect(book.handle(press('k', { ctrlKey: true }, input))).toBe(true);
    expect(book.handle(press('j'))).toBe(true);
  });
});

describe('drafts', () => {
  it('are kept per user, found, listed newest first, and forgotten', async () => {
    const mine = new IndexedDbDrafts('site/zhang');
    const doc: Doc = { doctype: 'SKU', name: 'A', sku_name: 'x' };
    await mine.keep({ doctype: 'SKU', name: 'A', doc, base: '1', savedAt: 1 });
    await mine.keep({ doctype: 'SKU', name: 'B', doc, base: '1', savedAt: 2 });
    expect((await mine.find('SKU', 'A'))?.doc).toEqual(doc);
    expect((await mine.list()).map((draft) => draft.name)).toEqual(['B', 'A']);
    expect(await new IndexedDbDrafts('site/li').list()).toEqual([]);
    await mine.forget('SKU', 'A');
    expect(await mine.find('SKU', 'A')).toBeNull();
  });

  it('without storage are simply not kept', async () => {
    const none = new IndexedDbDrafts('x', undefined);
    const refusing = new IndexedDbDrafts('x', { open: () => { const request = {} as IDBOpenDBRequest; setTimeout(() => request.onerror?.(new Event('error'))); return request; } } as unknown as IDBFactory);
    await refusing.keep({ doctype: 'SKU', name: 'A', doc: { doctype: 'SKU', name: 'A' }, base: '', savedAt: 1 });
    expect(await refusing.find('SKU', 'A')).toBeNull();
    expect(await none.find('SKU', 'never')).toBeNull();
  });
});

describe('recent visits', () => {
  it('are newest first, each once, and not too many', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ path: `/${index}`, title: '', kind: '' }));
    const list = many.reduce<ReturnType<typeof visited>>((visits, visit) => visited(visits, visit), []);
    expect(list).toHaveLength(20);
    expect(visited(list, many[28]!)[0]!.path).toBe('/28');
    expect(visited(list, many[28]!)).toHaveLength(20);
  });

  it('survive in the browser', () => {
    const visits = new RecentVisits(localStorage, 'test-recent');
    visits.add({ path: '/a', title: 'A', kind: 'SKU' });
    expect(new RecentVisits(localStorage, 'test-recent').list()).toEqual([{ path: '/a', title: 'A', kind: 'SKU' }]);
  });
});

describe('a state', () => {
  const submittable = new Meta({ name: 'Order', is_submittable: 1, fields: [{ fieldname: 'status', fieldtype: 'Select' }], states: [{ title: 'Odd', color: 'Purple' }] });
  const plain = new Meta({ name: 'SKU', fields: [{ fieldname: 'disabled', fieldtype: 'Check' }] });
  const of = (doc: Partial<Doc>, meta = submittable, settings = {}): string | undefined => {
    const found = indicatorOf({ doctype: meta.name, name: '1', ...doc }, meta, settings);
    return found ? `${found.label}/${found.tone}` : undefined;
  };

  it('is told by the document, in a colour that fits', () => {
    expect(of({ docstatus: 0 })).toBe('Draft/gray');
    expect(of({ docstatus: 1, status: 'To Deliver' })).toBe('To Deliver/orange');
    expect(of({ docstatus: 1, status: 'Odd' })).toBe('Odd/purple');
    expect(of({ docstatus: 1 })).toBe('Submitted/blue');
    expect(of({ docstatus: 2, status: 'Paid' })).toBe('Cancelled/red');
    expect(of({ __unsaved: 1 })).toBe('Not Saved/orange');
    expect(of({ disabled: 1 }, plain)).toBe('Disabled/gray');
    expect(of({ disabled: 0 }, plain)).toBe('Enabled/green');
    expect(of({}, new Meta({ name: 'X', fields: [] }))).toBeUndefined();
  });

  it('of a draft is its own where its DocType declares one', () => {
    expect(of({ docstatus: 0, status: 'Odd' })).toBe('Odd/purple');
    expect(of({ docstatus: 0, status: 'To Deliver' })).toBe('Draft/gray');
    expect(of({ docstatus: 0, status: 'Draft' })).toBe('Draft/gray');
  });

  it('is told by the script when there is one', () => {
    const settings = { get_indicator: (): [string, string, string] => ['Late', 'red', 'status,=,Late'] };
    expect(of({ docstatus: 1, status: 'Open' }, submittable, settings)).toBe('Late/red');
    expect(indicatorOf({ doctype: 'Order', name: '1', docstatus: 1 }, submittable, settings)?.filter).toEqual(['status', 'Late']);
    expect(of({ docstatus: 0 }, submittable, settings)).toBe('Draft/gray');
  });

  it.each([['Completed', 'green'], ['Partly Delivered', 'orange'], ['Unpaid', 'orange'], ['Overdue', 'red'], ['Returned', 'purple'], ['Whatever', 'blue']])('%s looks %s', (word, tone) => {
    expect(guessTone(word)).toBe(tone);
  });

  it('knows scripts\' names of colours', () => {
    expect([toneOf('yellow'), toneOf('light-blue'), toneOf('nonsense'), toneOf(undefined)]).toEqual(['orange', 'blue', 'gray', 'gray']);
  });
});

describe('what happens next', () => {
  const meta = new Meta({ name: 'Order', is_submittable: 1, fields: [] });
  const step = (doc: Partial<Doc>, more = {}): string | undefined => nextStep({ doc: { doctype: 'Order', name: '1', ...doc }, meta, rights: { 0: new Set(['submit'] as const) }, missing: 0, dirty: false, ...more })?.text;

  it('follows the state of the document', () => {
    expect(step({ __islocal: 1 })).toContain('Save');
    expect(step({}, { missing: 2 })).toContain('2 required');
    expect(step({}, { dirty: true })).toContain('not saved');
    expect(step({ docstatus: 0 })).toContain('until it is submitted');
    expect(step({ docstatus: 0 }, { rights: {} })).toContain('right to submit');
    expect(step({ docstatus: 2 })).toContain('amend');
    expect(step({ docstatus: 1 })).toBeUndefined();
  });

  it('is the server\'s word when it has one', () => {
    expect(step({ docstatus: 1 }, { info: { next_step: { text: 'Wait for the courier', indicator: 'blue' } } })).toBe('Wait for the courier');
  });
});

describe('a grid', () => {
  const size = { rows: 3, columns: 4 };

  it('is walked with the keyboard without falling out', () => {
    expect(moveByKey('ArrowDown', { row: 2, column: 1 }, size)).toEqual({ row: 2, column: 1 });
    expect(moveByKey('ArrowRight', { row: 0, column: 1 }, size, { mod: true })).toEqual({ row: 0, column: 3 });
    expect(moveByKey('End', { row: 0, column: 0 }, size, { mod: true })).toEqual({ row: 2, column: 3 });
    expect(moveByKey('a', { row: 0, column: 0 }, size)).toBeNull();
  });

  it('is gone through cell by cell, over those that take nothing', () => {
    const even = ({ column }: { column: number }): boolean => column % 2 === 0;
    expect(nextCell({ row: 0, column: 2 }, size, 1, even)).toEqual({ row: 1, column: 0 });
    expect(nextCell({ row: 1, column: 0 }, size, -1, even)).toEqual({ row: 0, column: 2 });
    expect(nextCell({ row: 2, column: 2 }, size, 1, even)).toBeNull();
  });

  it('draws only what is in view', () => {
    const shown = visibleWindow(1000, 30, 15_000, 600, 5);
    expect(shown).toEqual({ start: 495, end: 525, before: 14_850, after: 14_250 });
    expect(visibleWindow(3, 30, 0, 600)).toEqual({ start: 0, end: 3, before: 0, after: 0 });
    expect(visibleWindow(0, 30, 900, 600)).toEqual({ start: 0, end: 0, before: 0, after: 0 });
  });

  it('shows the columns that its author marked, else the first fields', () => {
    const fields = [{ fieldname: 'a', fieldtype: 'Data' }, { fieldname: 's', fieldtype: 'Section Break' }, { fieldname: 'b', fieldtype: 'Int', in_list_view: 1 }, { fieldname: 'h', fieldtype: 'Data', in_list_view: 1, hidden: 1 }] as DocField[];
    expect(gridColumns(fields).map((field) => field.fieldname)).toEqual(['b']);
    expect(gridColumns([fields[0]!, fields[1]!]).map((field) => field.fieldname)).toEqual(['a']);
    expect(columnTemplate([fields[0]!, { ...fields[2]!, columns: 3 }])).toBe('minmax(130px, 2fr) minmax(70px, 3fr)');
  });
});
