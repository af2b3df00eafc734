/** Form and list scripts as apps write them, run against the desk. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Doc } from '@/core/document/types';
import { reactive } from 'vue';
import type { FormController } from '@/ui/form/controller';
import { makeDesk, openForm, settle, type TestDesk } from '../../../tests/support';
import type { AttachedScripts } from '../formScripts';
import type { OpenList } from '../listScripts';
import { ListController } from '@/ui/list/controller';
import { initialState } from '@/core/list/query';
import type { Any } from './types';

const { sources, loaded } = vi.hoisted(() => ({ sources: new Map<string, string>(), loaded: new Set<string>() }));
// The browser loads scripts by address; here their text is looked up and run, as the file would.
vi.mock('./loader', () => ({
  loadScript: async (address: string) => { await Promise.resolve(); if (!loaded.has(address)) new Function(sources.get(loaded.add(address) && address) ?? '').call(window); },
  loadAsset: async () => { await Promise.resolve(); },
  loadStyle: async () => { await Promise.resolve(); },
}));

let test: TestDesk;
let form: FormController;
let scripts: AttachedScripts;
const world = window as Any;

beforeEach(() => {
  sources.clear();
  loaded.clear();
  test = makeDesk();
  delete world.heard;
  world.heard = [];
});

/** Opens a draft order with a script. */
async function open(script: string, childScript = '', name = 'SO-2024-00136'): Promise<void> {
  sources.set('/so.js', script);
  sources.set('/item.js', childScript);
  form = await openForm(test, 'Sales Order', name);
  form.meta.data.__js_url = '/so.js';
  test.desk.metas.peek('Sales Order Item')!.data.__js_url = '/item.js';
  const { openFormScripts } = await import('.');
  scripts = await openFormScripts(test.desk, form, { go: (run) => run() });
}

const heard = (): unknown[] => world.heard as unknown[];

describe('events', () => {
  it('come in upstream\'s order, each after the one before has finished', async () => {
    await open(`frappe.ui.form.on('Sales Order', {
      setup(frm) { heard.push('setup'); }, onload: async (frm) => { await frappe.timeout(0.01); heard.push('onload'); },
      refresh(frm) { heard.push('refresh ' + frm.doc.name); }, onload_post_render() { heard.push('rendered'); } });`);
    expect(heard()).toEqual(['setup', 'onload', 'refresh SO-2024-00136', 'rendered']);
  });

  it('of setup come once per form, of refresh for each document', async () => {
    await open(`frappe.ui.form.on('Sales Order', { setup() { heard.push('setup'); }, refresh(frm) { heard.push(frm.docname); } });`);
    const second = await openForm(test, 'Sales Order', 'SO-2024-00127');
    const { openFormScripts } = await import('.');
    await openFormScripts(test.desk, second, { go: (run) => run() });
    expect(heard()).toEqual(['setup', 'SO-2024-00136', 'SO-2024-00127']);
  });

  it('of a field run after what is fetched with it has arrived', async () => {
    await open('', `frappe.ui.form.on('Sales Order Item', { sku(frm, cdt, cdn) { heard.push([locals[cdt][cdn].sku_name, cdt]); } });`);
    const [row] = form.model.addRows('items', [{}]);
    await form.setValue('sku', 'SKU-1002', { table: 'items', row: row! });
    expect(heard()).toEqual([['保温杯 500ml 星空蓝', 'Sales Order Item']]);
  });

  it('of rows tell which table', async () => {
    await open('', `frappe.ui.form.on('Sales Order Item', { items_add(frm, cdt, cdn) { heard.push('add ' + locals[cdt][cdn].idx); }, items_remove(frm) { heard.push('remove'); } });`);
    const [row] = form.model.addRows('items', [{}]);
    await settle();
    form.model.removeRows('items', [row!.name]);
    await settle();
    expect(heard()).toEqual(['add 3', 'remove']);
  });

  it('in the older style are heard, classes included', async () => {
    await open(`cur_frm.cscript.refresh = function (doc, cdt, cdn) { heard.push('cscript ' + doc.name + ' ' + cdt); };
      class Base extends frappe.ui.form.Controller { customer() { heard.push('customer of ' + this.frm.doc.name); } }
      class Controller extends Base { shop() { heard.push('shop'); } }
      extend_cscript(cur_frm.cscript, new Controller({ frm: cur_frm }));`);
    await form.setValue('customer', 'CUST-0002');
    await form.setValue('shop', '山川京东自营');
    expect(heard()).toEqual(['cscript SO-2024-00136 Sales Order', 'customer of SO-2024-00136', 'shop']);
  });

  it('that fail stop nothing but themselves', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await open(`frappe.ui.form.on('Sales Order', { onload() { nonsense(); }, refresh() { heard.push('refresh'); } });`);
    expect(heard()).toEqual(['refresh']);
    expect(error).toHaveBeenCalled();
  });
});

describe('values', () => {
  it('are set with everything that follows', async () => {
    await open(`frappe.ui.form.on('Sales Order', { discount_percent: async (frm) => { await frm.set_value('shipping_fee', flt(frm.doc.discount_percent) * 2); heard.push(frm.doc.shipping_fee); } });`);
    await form.setValue('discount_percent', 7);
    expect(heard()).toEqual([14]);
    expect(form.model.state.dirty).toBe(true);
  });

  it('of rows are set through the model', async () => {
    await open(`frappe.ui.form.on('Sales Order', { refresh: async (frm) => {
      const row = frm.add_child('items', { sku: 'SKU-1001', qty: 2 });
      await frappe.model.set_value(row.doctype, row.name, { qty: 5, rate: 3 });
      heard.push([row.qty, row.rate, row.idx, frm.doc.items.length, frm.get_sum('items', 'qty') > 5]);
      frm.clear_table('items');
      heard.push(frm.doc.items.length);
    } });`);
    expect(heard()).toEqual([[5, 3, 3, 3, true], 0]);
  });

  it('are fetched as scripts say', async () => {
    await open(`cur_frm.add_fetch('customer', 'tax_id', 'buyer_message');`);
    await form.setValue('customer', 'CUST-0001');
    expect(form.doc.buyer_message).toMatch(/^91310000/);
  });

  it('have upstream\'s helpers', async () => {
    await open(`heard.push(flt('1,234.567', 2), cint('7'), cstr(null), in_list(['a'], 'a'), precision('rate', { doctype: 'Sales Order Item' }), format_currency(1234.5, 'CNY'), __('Hello {0}', ['you']), roundNumber(2.345, 2), strip_html('<b>x</b>'));`);
    expect(heard()).toEqual([1234.57, 7, '', true, 2, '¥ 1,234.50', 'Hello you', 2.35, 'x']);
  });

  it('of time are calculated', async () => {
    await open(`heard.push(frappe.datetime.get_today(), frappe.datetime.add_days('2024-02-28', 2), frappe.datetime.add_months('2024-01-31', 1), frappe.datetime.get_diff('2024-03-01', '2024-02-28'), frappe.datetime.month_start(), frappe.datetime.month_end(), frappe.datetime.str_to_user('2024-01-05'));`);
    expect(heard()).toEqual(['2024-03-15', '2024-03-01', '2024-02-29', 2, '2024-03-01', '2024-03-31', '2024-01-05']);
  });
});

describe('fields', () => {
  it('are hidden, required, fixed and filled with choices', async () => {
    await open(`frappe.ui.form.on('Sales Order', { refresh(frm) {
      frm.toggle_display('shop', false); frm.toggle_reqd(['platform_order_id'], true); frm.toggle_enable('customer', false);
      frm.set_df_property('buyer_message', 'label', 'Words'); frm.fields_dict.shipping_fee.df.hidden = 1; frm.set_df_property('items', 'read_only', 1, frm.doc.name, 'qty');
      frm.fields_dict.items.grid.update_docfield_property('rate', 'read_only', 1);
      heard.push(frm.fields_dict.items.grid.get_field('qty').df.fieldname, frm.get_docfield('items', 'rate').read_only);
    } });`);
    const state = (name: string) => form.stateOf(form.field(name)!);
    expect([state('shop').visible, state('platform_order_id').required, state('customer').readOnly, form.field('buyer_message')!.label, state('shipping_fee').visible]).toEqual([false, true, true, 'Words', false]);
    expect(form.field('rate', 'items')!.read_only).toBe(1);
    expect(heard()).toEqual(['qty', 1]);
  });

  it('search with the script\'s query', async () => {
    await open(`frappe.ui.form.on('Sales Order', { setup(frm) {
      frm.set_query('customer', () => ({ filters: { disabled: 0 } }));
      frm.set_query('sku', 'items', (doc, cdt, cdn) => ({ query: 'ec.search', filters: { company: doc.company, row: locals[cdt][cdn].idx } }));
      frm.fields_dict.shop.get_query = () => 'ec.shops';
    } });`);
    const extension = form.extension!;
    expect(extension.linkQuery(form.field('customer')!, null)).toEqual({ filters: { disabled: 0 } });
    expect(extension.linkQuery(form.field('sku', 'items')!, form.model.rows('items')[1]!)).toEqual({ query: 'ec.search', filters: { company: '山川商贸有限公司', row: 2 } });
    expect(extension.linkQuery(form.field('shop')!, null)).toEqual({ query: 'ec.shops' });
  });

  it('of HTML are filled by the script', async () => {
    const gallery = test.site.store({ doctype: 'Field Gallery', name: 'G', title: 'x' });
    form = await openForm(test, 'Field Gallery', gallery.name);
    sources.set('/g.js', `frappe.ui.form.on('Field Gallery', { refresh(frm) { frm.fields_dict.info.$wrapper.html('<em>filled</em>'); heard.push(frm.fields_dict.info.$wrapper.find('em').text()); }, press(frm) { heard.push('pressed'); } });`);
    form.meta.data.__js_url = '/g.js';
    const { openFormScripts } = await import('.');
    await openFormScripts(test.desk, form, { go: (run) => run() });
    await form.extension!.press(form.field('press')!, null);
    expect(heard()).toEqual(['filled', 'pressed']);
  });
});

describe('around the form', () => {
  it('there are buttons, notices and states, anew at each refresh', async () => {
    await open(`frappe.ui.form.on('Sales Order', { refresh(frm) {
      frm.add_custom_button('Deliver', () => heard.push('deliver'), 'Create'); frm.add_custom_button('Hold', () => {}).addClass('btn-primary');
      frm.page.set_inner_btn_group_as_primary('Create'); frm.set_intro('Careful', 'orange'); frm.dashboard.add_indicator('3 late', 'red'); frm.page.set_indicator('Odd', 'purple');
    } });`);
    await scripts.refresh();
    const { chrome } = form;
    expect(chrome.buttons.map(({ label, group, tone }) => [label, group, tone])).toEqual([['Deliver', 'Create', 'plain'], ['Hold', null, 'primary']]);
    expect(chrome.primaryGroup).toBe('Create');
    expect(chrome.intro).toEqual([{ text: 'Careful', tone: 'orange' }]);
    expect(chrome.indicators).toEqual([{ label: '3 late', tone: 'red' }]);
    expect(chrome.indicator).toEqual({ label: 'Odd', tone: 'purple' });
    chrome.buttons[0]!.run();
    expect(heard()).toEqual(['deliver']);
  });
});

describe('saving', () => {
  it('is stopped by frappe.throw, whose message is shown', async () => {
    await open(`frappe.ui.form.on('Sales Order', { validate(frm) { if (!frm.doc.buyer_message) frappe.throw(__('Say something')); } });`);
    expect(await form.save('Save')).toBe(false);
    expect(test.desk.overlay.dialogs.at(-1)!.props.message).toBe('Say something');
    form.model.set('buyer_message', 'hi');
    expect(await form.save('Save')).toBe(true);
  });

  it('is stopped by frappe.validated, and the next one is not', async () => {
    await open(`frappe.ui.form.on('Sales Order', { before_save(frm) { if (frm.doc.shipping_fee > 5) frappe.validated = false; }, after_save() { heard.push('after'); } });`);
    form.model.set('shipping_fee', 6);
    expect(await form.save('Save')).toBe(false);
    form.model.set('shipping_fee', 4);
    expect(await form.save('Save')).toBe(true);
    expect(heard()).toEqual(['after']);
  });

  it('can be done by a script while it is itself at work', async () => {
    await open(`frappe.ui.form.on('Sales Order', { platform_order_id: async (frm) => { await frm.save(); heard.push(frm.is_dirty()); } });`);
    await form.setValue('platform_order_id', 'BY-SCRIPT');
    expect(heard()).toEqual([false]);
    expect(test.site.find('Sales Order', 'SO-2024-00136').platform_order_id).toBe('BY-SCRIPT');
  });
});

describe('the server', () => {
  it('is called with objects as JSON, and answers callback and promise', async () => {
    await open(`frappe.call({ method: 'frappe.client.get_value', args: { doctype: 'SKU', filters: 'SKU-1001', fieldname: ['sku_name'] }, freeze: true, callback: (r) => heard.push(r.message.sku_name), always: () => heard.push('always') }).then((r) => heard.push(Object.keys(r.message)));`);
    await settle(20);
    expect(heard()).toEqual(['纯棉圆领T恤 白色 L', 'always', ['sku_name']]);
  });

  it('fails into the page, not into the console', async () => {
    await open(`frappe.call({ method: 'no.such' }); frappe.call({ method: 'no.such', error: (r) => heard.push(r.exc_type) });`);
    await settle(20);
    expect(test.desk.overlay.toasts).toHaveLength(1);
    expect(heard()).toEqual(['DoesNotExistError']);
  });

  it('runs methods of the document and takes what it changed', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => {
      if (method !== 'run_doc_method') return handle(method, parameters);
      const doc = JSON.parse(parameters.docs!) as Doc;
      return { status: 200, body: { message: parameters.method, docs: [{ ...doc, shipping_fee: 33 }] } };
    };
    await open(`frappe.ui.form.on('Sales Order', { refresh: async (frm) => { const r = await frm.call('work_out', { a: 1 }); heard.push(r.message, frm.doc.shipping_fee, frm.is_dirty()); } });`);
    expect(heard()).toEqual(['work_out', 33, true]);
  });

  it('is asked through frappe.db', async () => {
    await open(`(async () => {
      heard.push((await frappe.db.get_value('SKU', 'SKU-1001', 'brand')).message.brand); heard.push((await frappe.db.get_doc('Customer', 'CUST-0001')).customer_name);
      heard.push(await frappe.db.exists('SKU', 'SKU-1001'), await frappe.db.exists('SKU', 'NO'), (await frappe.db.get_list('Brand', { fields: ['name'] })).length);
    })();`);
    await settle(30);
    expect(heard()).toEqual(['山川', '张伟', true, false, 3]);
  });
});

describe('dialogs', () => {
  it('are drawn from fields, filled and read', async () => {
    await open(`const d = new frappe.ui.Dialog({ title: 'How many', fields: [{ fieldname: 'qty', fieldtype: 'Float', label: 'Qty', reqd: 1 }, { fieldname: 'sku', fieldtype: 'Link', options: 'SKU', get_query: () => ({ filters: { disabled: 0 } }), onchange() { heard.push('changed ' + this.value); } }, { fieldname: 'note', fieldtype: 'Data', depends_on: 'eval:doc.qty > 1' }],
      primary_action_label: 'Go', primary_action(values) { heard.push(values); d.hide(); } });
      d.show(); heard.push(cur_dialog === d); d.set_value('qty', 3); window.dialog = d;`);
    const { props } = test.desk.overlay.dialogs.at(-1)!;
    const dialog = world.dialog as Any;
    expect((props.state as Any).primary.label).toBe('Go');
    expect(dialog.get_value('qty')).toBe(3);
    await dialog.set_value('sku', 'SKU-1001');
    expect(dialog.form.extension.linkQuery(dialog.form.field('sku'), null)).toEqual({ filters: { disabled: 0 } });
    (props.onPrimary as () => void)();
    await settle(10);
    expect(heard()).toEqual([true, 'changed SKU-1001', { qty: 3, sku: 'SKU-1001' }]);
    expect(test.desk.overlay.dialogs).toHaveLength(0);
  });

  it('ask for required values before they act', async () => {
    await open(`window.dialog = new frappe.ui.Dialog({ title: 'x', fields: [{ fieldname: 'who', fieldtype: 'Data', label: 'Who', reqd: 1 }], primary_action: (v) => heard.push(v) }).show();`);
    (test.desk.overlay.dialogs.at(-1)!.props.onPrimary as () => void)();
    await settle(10);
    expect(heard()).toEqual([]);
    expect((world.dialog as Any).get_values()).toBeNull();
  });

  it('have tables with columns of their own', async () => {
    await open(`window.dialog = new frappe.ui.Dialog({ title: 'x', fields: [{ fieldname: 'rows', fieldtype: 'Table', label: 'Rows', cannot_add_rows: true, data: [{ a: 1 }], fields: [{ fieldname: 'a', fieldtype: 'Int', label: 'A', in_list_view: 1 }] }] });
      heard.push(dialog.fields_dict.rows.grid.data.map((row) => row.a), dialog.fields_dict.rows.grid.cannot_add_rows);`);
    expect(heard()).toEqual([[1], true]);
  });

  it('of the short kind: message, notice, question, prompt', async () => {
    await open(`frappe.msgprint({ title: 'T', message: 'M', indicator: 'red' }); frappe.show_alert({ message: 'A', indicator: 'green' }); frappe.confirm('Sure?', () => heard.push('yes'), () => heard.push('no')); frappe.prompt('Your name', (values) => heard.push(values));`);
    const [message, question] = test.desk.overlay.dialogs;
    expect(message!.props).toMatchObject({ title: 'T', message: 'M', tone: 'red' });
    expect(test.desk.overlay.toasts.at(-1)).toMatchObject({ text: 'A', tone: 'green' });
    (question!.props.onAnswer as (yes: boolean) => void)(true);
    (question!.props.onClose as () => void)();
    await settle();
    const prompt = test.desk.overlay.dialogs.at(-1)!.props as Any;
    prompt.form.model.set('value', 'Zhang');
    await prompt.submit();
    prompt.onClose();
    await settle();
    expect(heard()).toEqual(['yes', { value: 'Zhang' }]);
  });
});

describe('a prompt', () => {
  it('stays open with what was typed while its action is refused', async () => {
    await open(`window.refusing = true; frappe.prompt('Your name', async (values) => { if (refusing) frappe.throw('Not you'); heard.push(values); });`);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const prompt = test.desk.overlay.dialogs.at(-1)!.props as Any;
    prompt.form.model.set('value', 'Zhang');
    expect(await prompt.submit()).toBe(false);
    expect(prompt.form.doc.value).toBe('Zhang');
    world.refusing = false;
    expect(await prompt.submit()).toBe(true);
    expect(heard()).toEqual([{ value: 'Zhang' }]);
  });

  it('offers only what its fields ask for', async () => {
    await open(`frappe.prompt([{ fieldname: 'order', fieldtype: 'Link', options: 'Sales Order', get_query: () => ({ filters: { docstatus: 1 } }) }, { fieldname: 'sku', fieldtype: 'Link', options: 'SKU', filters: { disabled: 0 } }], () => {});`);
    const { form: asked } = test.desk.overlay.dialogs.at(-1)!.props as Any;
    expect(['order', 'sku'].map((name) => asked.extension.linkQuery(asked.field(name), null))).toEqual([{ filters: { docstatus: 1 } }, { filters: { disabled: 0 } }]);
  });

  it('does nothing when it is given up', async () => {
    await open(`frappe.prompt('Your name', (values) => heard.push(values));`);
    (test.desk.overlay.dialogs.at(-1)!.props as Any).onClose();
    await settle();
    expect(heard()).toEqual([]);
  });
});

describe('fields in an element of the script', () => {
  it('are drawn, filled and heard', async () => {
    document.body.innerHTML = '<div id="here"></div>';
    await open(`const control = frappe.ui.form.make_control({ parent: $('#here'), df: { fieldname: 'who', fieldtype: 'Data', label: 'Who', onchange() { heard.push('now ' + this.get_value()); } }, render_input: true });
      control.set_value('Zhang');
      const group = new frappe.ui.FieldGroup({ fields: [{ fieldname: 'a', fieldtype: 'Int', label: 'A' }], body: document.getElementById('here') }); group.make(); group.set_value('a', 5).then(() => heard.push(group.get_values()));`);
    await settle(10);
    const here = document.getElementById('here')!;
    expect([...here.querySelectorAll('label')].map((label) => label.textContent)).toEqual(['Who', 'A']);
    expect(here.querySelector('input')!.value).toBe('Zhang');
    expect(heard()).toEqual(expect.arrayContaining(['now Zhang', { a: 5 }]));
  });
});

describe('places', () => {
  it('are gone to with filters or values', async () => {
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    await open(`frappe.route_options = { shop: 'X' }; frappe.set_route('List', 'Sales Order'); frappe.set_route('Form', 'SKU', 'SKU-1001'); frappe.new_doc('Customer', { customer_name: 'Li' });`);
    expect(go.mock.calls[0]).toEqual([{ kind: 'list', doctype: 'Sales Order', view: 'list' }, { filters: [{ doctype: 'Sales Order', fieldname: 'shop', operator: '=', value: 'X' }] }]);
    expect(go.mock.calls[1]).toEqual([{ kind: 'form', doctype: 'SKU', name: 'SKU-1001' }]);
    expect(go.mock.calls[2]).toEqual([{ kind: 'new', doctype: 'Customer' }, { values: { customer_name: 'Li' } }]);
  });

  it('take a mapped document along', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => method.endsWith('make_mapped_doc') ? { status: 200, body: { message: { doctype: 'Delivery Note', name: 'new-1', sales_order: parameters.source_name } } } : handle(method, parameters);
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    await open(`frappe.ui.form.on('Sales Order', { refresh(frm) { frappe.model.open_mapped_doc({ method: 'ec.make_delivery', frm }); } });`);
    await settle(20);
    const { takeDocument } = await import('../handover');
    expect(takeDocument('Delivery Note')).toMatchObject({ sales_order: 'SO-2024-00136' });
    expect(go).toHaveBeenCalledWith({ kind: 'new', doctype: 'Delivery Note' }, expect.anything());
  });
});

describe('what is missing', () => {
  it('is reported once by its name, and what scripts make themselves is not', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await open(`frappe.provide('frappe.mine.tools'); frappe.mine.tools.a = 1; typeof frappe.ui.Capture; typeof frappe.ui.Capture; typeof frappe.utils.fetch_moon;`);
    expect(warn.mock.calls.map(([text]) => String(text).split(' ')[0])).toEqual(['frappe.ui.Capture', 'frappe.utils.fetch_moon']);
  });
});

describe('list scripts', () => {
  it('set states, fields, filters and buttons of the list', async () => {
    sources.set('/list.js', `frappe.listview_settings['Sales Order'] = { add_fields: ['receiver_name'], filters: [['docstatus', '=', 1]], get_indicator: (doc) => [doc.receiver_name, 'red', 'status,=,x'],
      onload(listview) { listview.page.add_inner_button('Import', () => heard.push('import')); listview.page.add_action_item('Merge', () => heard.push(listview.get_checked_items(true))); } };`);
    const meta = await test.desk.metas.load('Sales Order');
    meta.data.__list_js_url = '/list.js';
    const { listExtension } = await import('../listScripts');
    const extension = await listExtension(test.desk, meta);
    const list = new ListController(test.desk, meta, extension.settings);
    const state = initialState(meta, 20);
    extension.attach({ controller: list, state: () => state, reload: () => undefined, setFilters: () => undefined } as OpenList);
    await list.load(state);
    extension.loaded();
    expect(list.indicator({ doctype: 'Sales Order', name: '1', docstatus: 1, receiver_name: 'Odd' })).toMatchObject({ label: 'Odd', tone: 'red' });
    expect(test.site.calls.find((call) => call.method.endsWith('reportview.get'))!.parameters.fields).toContain('receiver_name');
    expect(extension.settings.filters).toEqual([['docstatus', '=', 1]]);
    list.selected.add(list.rows.value[0]!.name);
    extension.chrome.buttons[0]!.run();
    extension.chrome.actions[0]!.run();
    expect(heard()).toEqual(['import', [list.rows.value[0]!.name]]);
    expect(reactive(extension.chrome)).toBe(extension.chrome);
  });
});
