import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { Boot } from '@/core/boot';
import { setCatalogues } from '@/core/i18n';
import { DESK } from '@/ui/services';
import { applyPreferences } from '@/ui/preferences';
import { makeDesk, settle, testBoot, type TestDesk } from '../../../tests/support';
import DeskApp from '../DeskApp.vue';
import { single } from '../session';
import { deskBase, placeOf } from '../places';
import { carryValues, leaveDocument, takeDocument } from '../handover';
import { commands, rank } from './commands';
import CommandPalette from './CommandPalette.vue';
import { groupOf, moduleGroups } from './modules';
import SideBar from './SideBar.vue';

let test: TestDesk;
beforeEach(() => { test = makeDesk(); });
const mountHere = (component: Parameters<typeof mount>[0], props = {}): VueWrapper => mount(component, { props, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });

describe('modules', () => {
  it('stand in the site\'s order, the framework\'s own last, settings at the end', () => {
    const groups = moduleGroups(testBoot());
    expect(groups.at(-1)).toMatchObject({ name: 'Core', isSystem: true });
    expect(groups.find((group) => group.name === 'Inventory')!.doctypes.map((doctype) => doctype.name)).toEqual(['Warehouse', 'Stock Settings']);
  });

  it('follow the order of their workspaces, those without one after them', () => {
    const boot = testBoot();
    const page = (module: string, sequence_id: number): Boot['workspaces'][number] => ({ ...boot.workspaces[0]!, name: module, title: module, module, public: 1, sequence_id });
    boot.workspaces = [page('Parties', 3), page('Orders', 2)];
    const own = moduleGroups(boot).filter((group) => !group.isSystem).map((group) => group.name);
    expect(own.slice(0, 2)).toEqual(['Orders', 'Parties']);
    expect(own.length).toBeGreaterThan(2);
  });

  it('without a page are part of the one whose page leads to their lists, in its order', () => {
    const boot = testBoot();
    const page = (module: string, doctypes: string[]): Boot['workspaces'][number] => ({ name: module, title: module, module, public: 1, sequence_id: 2, doctypes });
    boot.workspaces = [page('Daily', []), page('Orders', ['Sales Order', 'Warehouse', 'Stock Settings'])];
    const groups = moduleGroups(boot);
    expect(groups.map((group) => group.name)).not.toContain('Inventory');
    const orders = groupOf(groups, 'Warehouse')!;
    expect(orders.name).toBe('Orders');
    expect(orders.doctypes.map((doctype) => doctype.name).slice(0, 2)).toEqual(['Sales Order', 'Warehouse']);
    expect(orders.doctypes.at(-1)!.name).toBe('Stock Settings');
  });

  it('are sorted as the language sorts', () => {
    const boot = testBoot();
    setCatalogues('zh', { Brand: '品牌', SKU: '单品', UOM: '单位' });
    expect(moduleGroups(boot).find((group) => group.name === 'Catalog')!.doctypes.map((doctype) => doctype.name)).toEqual(['SKU', 'UOM', 'Brand']);
  });
});

describe('the sidebar', () => {
  it('opens the module one is in, and keeps open what was opened', async () => {
    await test.router.push('/sku');
    const wrapper = mountHere(SideBar, { open: false });
    expect(wrapper.get('[aria-current=page]').text()).toBe('SKU');
    await wrapper.findAll('button').find((button) => button.text() === 'Parties')!.trigger('click');
    await test.router.push('/sales-order');
    await nextTick();
    const shown = wrapper.findAll('a.entry').map((entry) => entry.text());
    expect(shown).toContain('Customer');
    expect(shown).not.toContain('SKU');
    expect(test.desk.preferences.openModules).toEqual(['Parties']);
  });

  it('keeps the framework\'s modules behind one door', async () => {
    const wrapper = mountHere(SideBar, { open: false });
    expect(wrapper.text()).not.toContain('Core');
    await wrapper.get('.system').trigger('click');
    expect(wrapper.text()).toContain('Core');
  });
});

describe('the palette', () => {
  it('ranks what was typed, in the groups\' order', () => {
    const all = commands(test.desk, () => undefined);
    expect(rank('sales', all)[0]!.label).toBe('Sales Order');
    expect(rank('new cust', all)[0]!.key).toBe('new Customer');
    expect(rank('zzzz', all)).toEqual([]);
    expect(new Set(rank('s', all).map((command) => command.group)).size).toBeGreaterThan(1);
  });

  it('offers nothing that the user may not create', () => {
    test.desk.boot.user.can_create = [];
    expect(commands(test.desk, () => undefined).some((command) => command.key.startsWith('new '))).toBe(false);
  });

  it('finds documents on the server, and goes to what is chosen', async () => {
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    const wrapper = mountHere(CommandPalette);
    await wrapper.get('input').setValue('SO-2024-0013');
    await vi.waitFor(() => expect(wrapper.text()).toContain('SO-2024-00130'));
    await wrapper.get('input').trigger('keydown', { key: 'Enter' });
    expect(go).toHaveBeenCalledWith({ kind: 'form', doctype: 'Sales Order', name: 'SO-2024-00130' });
    expect(wrapper.emitted('close')).toHaveLength(1);
  });
});

describe('the frame', () => {
  it('opens palette and help by keyboard', async () => {
    const wrapper = mountHere(DeskApp);
    await settle(2);
    test.desk.shortcuts.handle(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, cancelable: true }));
    await nextTick();
    expect(wrapper.find('.palette').exists()).toBe(true);
    test.desk.shortcuts.handle(new KeyboardEvent('keydown', { key: '?', shiftKey: true, cancelable: true }));
    await nextTick();
    expect(wrapper.text()).toContain('Keyboard shortcuts');
    expect(wrapper.text()).toContain('Search or go to');
  });
});

describe('addresses', () => {
  it('are below app or desk, whichever was opened', () => {
    expect(deskBase('/desk/sku')).toBe('/desk');
    expect(deskBase('/app')).toBe('/app');
    expect(deskBase('/desktop')).toBe('/app');
    expect(placeOf(test.desk, { path: ['sales-order', 'SO/1'] })).toEqual({ kind: 'form', doctype: 'Sales Order', name: 'SO/1' });
    expect(placeOf(test.desk, { path: '' })).toEqual({ kind: 'home' });
  });

  it('carry plain values and nothing else', () => {
    expect(carryValues({ a: 'x', b: 5, rows: [1], __mark: 1, empty: '' }).toString()).toBe('a=x&b=5');
  });

  it('hand a whole document over once', () => {
    leaveDocument({ doctype: 'SKU', name: 'new-1' });
    expect(takeDocument('SKU')).toMatchObject({ name: 'new-1' });
    expect(takeDocument('SKU')).toBeNull();
  });
});

describe('preferences', () => {
  it('take effect at once and are kept', async () => {
    const root = document.createElement('html');
    applyPreferences(test.desk.preferences, root, matchMedia('(prefers-color-scheme: dark)'));
    expect(root.dataset).toMatchObject({ theme: 'light', density: 'standard' });
    test.desk.preferences.theme = 'dark';
    test.desk.preferences.density = 'compact';
    await nextTick();
    expect(root.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
    expect(JSON.parse(localStorage.getItem('desk-preferences')!)).toMatchObject({ theme: 'dark' });
  });
});

it('questions asked at the same time are asked once', async () => {
  const ask = vi.fn(() => Promise.resolve(1));
  const once = single(ask);
  await Promise.all([once(), once()]);
  await once();
  expect(ask).toHaveBeenCalledTimes(2);
});
