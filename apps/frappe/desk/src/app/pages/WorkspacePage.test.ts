import { mount, type VueWrapper } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { FakeSite } from '../../../tests/fake/site';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import { DESK } from '@/ui/services';
import NotificationBell from '../shell/NotificationBell.vue';
import { commands, fetchedCommands } from '../shell/commands';
import { homeWorkspace, moduleGroups } from '../shell/modules';
import WorkspacePage from './WorkspacePage.vue';

const queue = (label: string, status: string): Record<string, unknown> => ({ label, type: 'DocType', link_to: 'Sales Order', doc_view: 'List', stats_filter: JSON.stringify([['Sales Order', 'status', '=', status]]), color: 'Orange', format: '' });

function siteWithWorkspace(): FakeSite {
  const site = new FakeSite();
  site.workspaces = [{ name: 'Orders', title: 'Orders', module: 'Orders', public: 1, sequence_id: 2, content: '' }, { name: 'Today', title: 'Today', module: 'Orders', public: 1, sequence_id: 1, content: '' }];
  site.extra['frappe.desk.desktop.get_desktop_page'] = () => ({ message: { shortcuts: { items: [queue('On Hold', 'On Hold'), queue('Nothing', 'No such')] }, number_cards: { items: [{ number_card_name: 'Orders Today', label: 'Orders Today' }] }, quick_lists: { items: [{ label: 'Newest', document_type: 'Sales Order', quick_list_filter: '[]' }] } } });
  return site;
}

function open(test: TestDesk, component: unknown = WorkspacePage, props: Record<string, unknown> = { workspace: 'Orders' }): VueWrapper {
  return mount(component as typeof WorkspacePage, { props: props as { workspace: string }, global: { plugins: [test.router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
}

describe('a workspace', () => {
  it('shows what waits as queues with their numbers, each a way to its list', async () => {
    const test = makeDesk(siteWithWorkspace());
    const page = open(test);
    await settle();
    const waiting = [...test.site.documents.get('Sales Order')!.values()].filter((order) => order.status === 'On Hold').length;
    const [held, none] = page.findAll('a.queue');
    expect(held!.get('.count').text()).toBe(String(waiting));
    expect(held!.attributes('href')).toBe('/app/sales-order?status=On+Hold');
    expect(none!.classes()).toContain('clear');
  });

  it('works out its numbers on the server, and says when one is not to be had', async () => {
    const test = makeDesk(siteWithWorkspace());
    test.site.extra['frappe.client.get'] = () => ({ message: { name: 'Orders Today', type: 'Document Type', document_type: 'Sales Order', function: 'Count', filters_json: '[]' } });
    test.site.extra['frappe.desk.doctype.number_card.number_card.get_result'] = () => ({ message: 1234 });
    const page = open(test);
    await settle();
    expect(page.get('.number-card').text()).toContain('1,234');
    delete test.site.extra['frappe.desk.doctype.number_card.number_card.get_result'];
    const other = open(test);
    await settle();
    expect(other.get('.number-card').text()).toContain('–');
  });

  it('lists the newest documents with their states whole', async () => {
    const page = open(makeDesk(siteWithWorkspace()));
    await settle(30);
    expect(page.findAll('.quick-list li')).toHaveLength(6);
    expect(page.find('.quick-list .pill').exists()).toBe(true);
  });

  it('says so when the user may see nothing of it', async () => {
    const site = siteWithWorkspace();
    site.extra['frappe.desk.desktop.get_desktop_page'] = () => ({ message: {} });
    const page = open(makeDesk(site));
    await settle();
    expect(page.text()).toContain('nothing here that you may see');
  });
});

describe('the shell', () => {
  it('puts a module\'s own workspace behind its name, and begins the day with the first one', () => {
    const { desk } = makeDesk(siteWithWorkspace());
    expect(homeWorkspace(desk.boot)).toBe('Today');
    expect(moduleGroups(desk.boot).find((group) => group.name === 'Orders')!.workspace).toBe('Orders');
    expect(moduleGroups(desk.boot).find((group) => group.name === 'Catalog')!.workspace).toBeNull();
  });

  it('finds workspaces and reports', async () => {
    const { desk, site } = makeDesk(siteWithWorkspace());
    desk.boot.user.can_read.push('Report');
    site.extra['frappe.client.get_list'] = () => ({ message: [{ name: 'Stock Ageing' }] });
    expect(commands(desk, () => undefined).map((command) => command.key)).toContain('workspace Today');
    expect((await fetchedCommands(desk)).map((command) => command.key)).toEqual(['report Stock Ageing']);
  });
});

describe('the bell', () => {
  it('tells what is new, and leads there', async () => {
    const test = makeDesk();
    test.site.extra['frappe.desk.doctype.notification_log.notification_log.get_notification_logs'] = () => ({ message: { notification_logs: [{ name: 'n1', subject: '<b>Zhang</b> mentioned you', type: 'Mention', document_type: 'SKU', document_name: 'SKU-1001', read: 0, seen: 0, creation: '2024-12-30 10:00:00' }] } });
    const go = vi.spyOn(test.desk, 'go').mockImplementation(() => undefined);
    const bell = open(test, NotificationBell, {});
    await bell.get('button').trigger('click');
    await settle();
    expect(bell.text()).toContain('Zhang mentioned you');
    expect(test.site.calls.some((call) => call.method.endsWith('trigger_indicator_hide'))).toBe(true);
    await bell.get('.notice').trigger('click');
    expect(go).toHaveBeenCalledWith({ kind: 'form', doctype: 'SKU', name: 'SKU-1001' });
  });
});
