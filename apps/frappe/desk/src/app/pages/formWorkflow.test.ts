import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { DocTypeData } from '@/core/meta/types';
import { DESK } from '@/ui/services';
import { DOCTYPES } from '../../../tests/fake/doctypes';
import { FakeSite } from '../../../tests/fake/site';
import { testWorkflow } from '../../../tests/fake/workflow';
import { makeDesk, settle, type TestDesk } from '../../../tests/support';
import FormPage from './FormPage.vue';

const NAME = 'SO-2024-00136';
let test: TestDesk;
let open: { action: string; next_state: string }[];

/** The order's DocType with a workflow and its field. */
function withWorkflow(): DocTypeData[] {
  const state = { fieldname: 'workflow_state', fieldtype: 'Link' as const, label: 'Workflow State', options: 'Workflow State', read_only: 1 };
  return structuredClone(DOCTYPES).map((item) => (item.name === 'Sales Order' ? { ...item, fields: [...item.fields, state], __workflow_docs: testWorkflow() } : item));
}

beforeEach(() => {
  const site = new FakeSite(withWorkflow());
  open = [{ action: 'Approve', next_state: 'Approved' }, { action: 'Reject', next_state: 'Rejected' }];
  site.extra['frappe.model.workflow.get_transitions'] = () => open;
  site.extra['frappe.model.workflow.apply_workflow'] = ({ action }) => {
    open = [];
    return { message: site.store({ ...site.find('Sales Order', NAME), workflow_state: action === 'Approve' ? 'Approved' : 'Rejected' }) };
  };
  site.find('Sales Order', NAME).workflow_state = 'Pending';
  test = makeDesk(site);
  test.desk.boot.user.roles.push('Sales Manager');
});

async function page(): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory('/app'), routes: [{ path: '/:path(.*)*', component: FormPage, props: { doctype: 'Sales Order', name: NAME } }] });
  await router.push('/sales-order/x');
  const wrapper = mount({ template: '<RouterView />' }, { global: { plugins: [router], provide: { [DESK as symbol]: test.desk } }, attachTo: document.body });
  await settle(20);
  return wrapper;
}

const button = (wrapper: VueWrapper, label: string) => wrapper.findAll('button').find((item) => item.text() === label);

describe('a document with a workflow', () => {
  it('offers the open steps, says whose turn it is, and no longer "Submit"', async () => {
    const wrapper = await page();
    expect(wrapper.get('.step').text()).toBe('Your turn: Approve, Reject.');
    expect(button(wrapper, 'Approve')!.classes()).toContain('primary');
    expect(button(wrapper, 'Submit')).toBeUndefined();
    expect(wrapper.get('.form-head .pill').text()).toBe('Pending');
  });

  it('goes further at once where nothing takes effect', async () => {
    const wrapper = await page();
    await button(wrapper, 'Reject')!.trigger('click');
    await settle(20);
    expect(wrapper.get('.form-head .pill').text()).toBe('Rejected');
    expect(button(wrapper, 'Approve')).toBeUndefined();
  });

  it('asks before a step that submits', async () => {
    const wrapper = await page();
    const confirm = vi.spyOn(test.desk.overlay, 'confirm').mockResolvedValue(false);
    await button(wrapper, 'Approve')!.trigger('click');
    await settle(20);
    expect(confirm).toHaveBeenCalledWith(expect.objectContaining({ title: `Approve: ${NAME}?` }));
    expect(test.site.calls.filter(({ method }) => method.endsWith('apply_workflow'))).toEqual([]);
  });

  it('tells for whom it waits, and is read only for others', async () => {
    test.desk.boot.user.roles.splice(test.desk.boot.user.roles.indexOf('Sales Manager'), 1);
    open = [];
    const wrapper = await page();
    expect(wrapper.get('.step').text()).toBe('Waiting for Sales Manager.');
    expect(wrapper.find('[data-fieldname="receiver_name"] input:not([readonly]):not([disabled])').exists()).toBe(false);
    expect(button(wrapper, 'Save')).toBeUndefined();
  });

  it('hides the steps while there are changes that are not saved', async () => {
    const wrapper = await page();
    const input = wrapper.get('[data-fieldname="receiver_name"] input');
    await input.setValue('Li');
    await input.trigger('blur');
    await settle(20);
    expect(button(wrapper, 'Approve')).toBeUndefined();
    expect(button(wrapper, 'Save')).toBeDefined();
  });

  it('shows why a step was refused', async () => {
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => (method.endsWith('apply_workflow') ? { status: 417, body: { exc_type: 'WorkflowTransitionError', _server_messages: JSON.stringify([JSON.stringify({ message: 'Self approval is not allowed' })]) } } : handle(method, parameters));
    const wrapper = await page();
    await button(wrapper, 'Reject')!.trigger('click');
    await settle(20);
    expect(wrapper.get('.banner.red').text()).toContain('Self approval is not allowed');
  });
});
