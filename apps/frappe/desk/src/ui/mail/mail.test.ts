import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import { newMail } from '@/core/mail';
import { DESK } from '@/ui/services';
import type { FormController } from '../form/controller';
import { makeDesk, openForm, settle, type TestDesk } from '../../../tests/support';
import MailDialog from './MailDialog.vue';

const MAKE = 'frappe.core.doctype.communication.email.make';
let test: TestDesk;
let form: FormController;
let wrapper: VueWrapper;

beforeEach(async () => {
  test = makeDesk();
  Object.assign(test.site.extra, {
    [MAKE]: () => ({ message: { name: 'COMM-1' } }),
    'frappe.email.get_contact_list': () => ({ message: [{ value: 'ann@x.cn', label: 'ann@x.cn', description: 'Ann' }] }),
    'frappe.client.get_list': () => ({ message: [{ name: 'Order confirmed' }] }),
    'frappe.www.printview.get_print_choices': () => ({ message: { formats: [{ name: 'Standard', default: 0 }, { name: 'Order', default: 1 }] } }),
    'frappe.email.doctype.email_template.email_template.get_email_template': () => ({ message: { subject: 'Confirmed', message: '<p>Thank you</p>' } }),
  });
  form = await openForm(test, 'Sales Order', 'SO-2024-00136');
  form.info.value = { ...form.info.value, permissions: { read: 1, print: 1, email: 1 }, attachments: [{ name: 'F1', file_name: 'a.pdf', file_url: '/private/files/a.pdf' }] };
});

async function open(recipients: string[] = ['bob@y.cn']): Promise<void> {
  wrapper = mount(MailDialog, { props: { form, draft: { ...newMail(form.doc, form.meta), recipients } }, global: { provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle(20);
}

async function send(): Promise<Record<string, string> | undefined> {
  await wrapper.findAll('footer button').at(-1)!.trigger('click');
  await settle();
  return test.site.calls.find(({ method }) => method === MAKE)?.parameters;
}

describe('a mail about a document', () => {
  it('is sent with the files and the print that were ticked', async () => {
    await open();
    const boxes = wrapper.findAll('.files input[type=checkbox]');
    await boxes[0]!.setValue(true);
    await boxes[1]!.setValue(true);
    expect(await send()).toMatchObject({ doctype: 'Sales Order', name: 'SO-2024-00136', recipients: 'bob@y.cn', subject: 'Sales Order SO-2024-00136', attachments: '["F1"]', print_format: 'Order', send_email: '1' });
    expect(wrapper.emitted('sent')).toHaveLength(1);
  });

  it('takes subject and text from a template', async () => {
    await open();
    await wrapper.get('select').setValue('Order confirmed');
    await settle(20);
    expect(await send()).toMatchObject({ subject: 'Confirmed', content: '<p>Thank you</p>', email_template: 'Order confirmed' });
  });

  it('is not sent to nobody', async () => {
    await open([]);
    expect(await send()).toBeUndefined();
    expect(wrapper.get('[role=alert]').text()).toBe('Say to whom it goes.');
  });

  it('stays open with the reason when it was refused', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => (method === MAKE ? { status: 417, body: { exc_type: 'OutgoingEmailError', _server_messages: JSON.stringify([JSON.stringify({ message: 'No mailbox is set up' })]) } } : handle(method, parameters));
    await open();
    await send();
    expect(wrapper.get('[role=alert]').text()).toContain('No mailbox is set up');
    expect(wrapper.emitted('close')).toBeUndefined();
  });
});
