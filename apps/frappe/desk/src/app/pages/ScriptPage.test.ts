/** Pages that scripts draw, written as apps write them. */
import { flushPromises, mount } from '@vue/test-utils';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defineComponent, h, KeepAlive, ref } from 'vue';
import { DESK } from '@/ui/services';
import { makeDesk, settle, testBoot, type TestDesk } from '../../../tests/support';
import { RouteBook, toPath } from '@/core/routes';
import { commands } from '../shell/commands';
import ScriptPage from './ScriptPage.vue';

const { sources } = vi.hoisted(() => ({ sources: new Map<string, string>() }));
const ran = new Set<string>();
// The browser loads a file once; here its text is looked up and run, as the file would.
vi.mock('../scripting/loader', () => ({
  loadScript: async (address: string) => { await Promise.resolve(); if (!ran.has(address)) new Function(sources.get(ran.add(address) && address) ?? '').call(window); },
  loadAsset: async () => { await Promise.resolve(); },
}));

let test: TestDesk;
// The layer of scripts is large; it is loaded before, so that a few turns are enough.
beforeAll(() => import('../scripting/scriptPage'));
const shown = ref(true);
beforeEach(() => {
  test = makeDesk();
  ran.clear();
  shown.value = true;
  (window as unknown as Record<string, unknown>).heard = [];
  test.site.extra['frappe.desk.desk_page.getpage'] = ({ name }) => ({ docs: [{ doctype: 'Page', name, style: '.mine { color: red }', __js_url: `/script/${name}` }] });
});

async function open(script: string): Promise<ReturnType<typeof mount>> {
  sources.set('/script/stock-wall', script);
  const Host = defineComponent(() => () => h(KeepAlive, [shown.value ? h(ScriptPage, { page: 'stock-wall', key: 'stock-wall' }) : h('p')]));
  const wrapper = mount(Host, { global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  for (let turn = 0; turn < 8; turn += 1) await flushPromises();
  await settle();
  return wrapper;
}
const heard = (): unknown => (window as unknown as Record<string, unknown>).heard;

describe('a page of a script', () => {
  it('is drawn by on_page_load with make_app_page', async () => {
    const wrapper = await open(`frappe.pages['stock-wall'].on_page_load = function (wrapper) {
      const page = frappe.ui.make_app_page({ parent: wrapper, title: 'Stock Wall', single_column: true });
      page.set_primary_action('Count', () => heard.push('counted'));
      $(page.body).append('<p class="mine">12</p>');
      heard.push(wrapper.page === page, cur_page.page === wrapper);
    };`);
    expect(wrapper.get('h1').text()).toBe('Stock Wall');
    expect(wrapper.get('.mine').text()).toBe('12');
    await wrapper.get('button').trigger('click');
    expect(heard()).toEqual([true, true, 'counted']);
  });

  it('hears when it is shown, left, and shown again; it is made once', async () => {
    await open(`const page = frappe.pages['stock-wall'];
      for (const event of ['on_page_load', 'on_page_show', 'on_page_hide', 'refresh']) page[event] = () => heard.push(event);`);
    shown.value = false;
    await settle();
    shown.value = true;
    await settle();
    expect(heard()).toEqual(['on_page_load', 'on_page_show', 'refresh', 'on_page_hide', 'on_page_show', 'refresh']);
  });

  it('made anew runs its handlers again, though its file is not', async () => {
    const script = `frappe.pages['stock-wall'].on_page_load = (wrapper) => $(wrapper).append('<b>drawn</b>');`;
    (await open(script)).unmount();
    const again = await open(script);
    expect(again.findAll('b').map((bold) => bold.text())).toEqual(['drawn']);
  });

  it('says when there is none, or none for this user', async () => {
    test.site.extra['frappe.desk.desk_page.getpage'] = () => ({ message: null });
    expect((await open('')).text()).toContain('could not be loaded');
  });
});

describe('the address of a page', () => {
  const book = new RouteBook([{ name: 'SKU' }], [], ['stock-wall']);

  it('is its name, and what follows is the page\'s own', () => {
    const route = book.parse(['stock-wall', 'Main', 'A 1']);
    expect(route).toEqual({ kind: 'page', page: 'stock-wall', rest: 'Main/A 1' });
    expect(toPath(route)).toBe('/stock-wall/Main/A%201');
    expect(book.parse(['sku'])).toEqual({ kind: 'list', doctype: 'SKU', view: 'list' });
  });

  it('is found by the search', () => {
    const desk = { ...test.desk, boot: { ...testBoot(), page_info: { 'stock-wall': { title: 'Stock Wall' } } } };
    const found = commands(desk, () => undefined).find((command) => command.key === 'page stock-wall');
    expect(found?.label).toBe('Stock Wall');
  });
});
