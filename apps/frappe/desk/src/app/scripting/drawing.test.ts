import $ from 'jquery';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import { contactsNamespace, dataTableClass, makeAppPage, templateRenderer } from './drawing';
import type { Any } from './types';

let test: TestDesk;
let parent: HTMLElement;
beforeEach(() => {
  test = makeDesk();
  parent = document.body.appendChild(document.createElement('div'));
});

describe('what scripts draw', () => {
  it('is a table of their rows', async () => {
    const Table = dataTableClass(test.desk);
    const table = new Table(parent, { columns: [{ id: 'sku', name: 'SKU' }, { id: 'qty', name: 'Qty', fieldtype: 'Float' }], data: [{ sku: 'A', qty: 2 }] });
    await settle();
    await vi.waitFor(() => expect(parent.querySelector('tbody')?.textContent).toContain('A'));
    table.refresh([{ sku: 'B', qty: 3 }]);
    await settle();
    expect(parent.querySelector('tbody')?.textContent).toContain('B');
  });

  it('is a page with a title, buttons and fields', async () => {
    let pressed = 0;
    let changed: unknown;
    const page: Any = makeAppPage(test.desk, { parent, title: 'Picking', single_column: true });
    page.set_primary_action('Start', () => (pressed += 1));
    const field = page.add_field({ fieldname: 'code', fieldtype: 'Data', label: 'Code', change: () => (changed = field.get_value()) });
    $(parent).find('button.primary').trigger('click');
    await field.set_value('A1');
    await settle();
    expect([$(parent).find('h1').text(), pressed, changed]).toEqual(['Picking', 1, 'A1']);
    expect((parent as Any).page).toBe(page);
  });

  it('are addresses and contacts, without anything that could run', () => {
    const address = document.createElement('div');
    const contact = document.createElement('div');
    const frm = { fields_dict: { address_html: { wrapper: address }, contact_html: { wrapper: contact } }, doc: { __onload: { addr_list: [{ name: 'A-1', address_title: '<b>Home', display: 'Road 1<br><img src=x onerror=alert(1)>' }], contact_list: [{ name: 'C-1', first_name: 'Li', email_id: 'li@x.cn' }] } } };
    const contacts: Any = contactsNamespace(test.desk);
    contacts.render_address_and_contact(frm);
    expect(address.querySelector('a')!.textContent).toBe('<b>Home');
    expect(address.innerHTML).not.toContain('onerror');
    expect(contact.textContent).toBe('Lili@x.cn');
    contacts.clear_address_and_contact(frm);
    expect(address.textContent).toBe('');
  });

  it('is a template, by its text or its name', () => {
    const render = templateRenderer(() => ({ card: 'Card of {{ name }}' }), () => ({}));
    expect([render('card', { name: 'Li' }), render('{{ name }}!', { name: 'Li' })]).toEqual(['Card of Li', 'Li!']);
  });
});
