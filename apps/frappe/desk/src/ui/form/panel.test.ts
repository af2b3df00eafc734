import { beforeEach, describe, expect, it } from 'vitest';
import type { FormController } from './controller';
import { makeDesk, mountInForm, openForm, settle, type TestDesk } from '../../../tests/support';
import LinePanel from './LinePanel.vue';
import People from './People.vue';

let test: TestDesk;
let form: FormController;
beforeEach(async () => {
  test = makeDesk();
  form = await openForm(test, 'Sales Order', 'SO-2024-00136');
});

const told = (method: string): Record<string, string> | undefined => test.site.calls.findLast((call) => call.method === method)?.parameters;

describe('people', () => {
  it('are taken off an assignment', async () => {
    form.info.value = { ...form.info.value, assignments: [{ owner: 'li@example.com' }] };
    const handle = test.site.handle.bind(test.site);
    test.site.handle = (method, parameters) => (method === 'frappe.desk.form.assign_to.remove' ? (test.site.calls.push({ method, parameters }), { status: 200, body: { message: [] } }) : handle(method, parameters));
    const panel = mountInForm(People, form, { person: (user: string) => user });
    await panel.get('[aria-label="Remove li@example.com"]').trigger('click');
    await settle();
    expect(told('frappe.desk.form.assign_to.remove')).toMatchObject({ doctype: 'Sales Order', name: 'SO-2024-00136', assign_to: 'li@example.com' });
    expect(form.info.value.assignments).toEqual([]);
  });
});

describe('the panel of the current line', () => {
  it('shows what the script tells of the line the cursor is in, and nothing of an earlier one', async () => {
    const [first, second] = form.model.rows('items');
    const options = form.grids.items!;
    options.lineInfo = (row) => Promise.resolve([{ title: `About ${row.name}`, facts: [{ label: 'Stock', value: '12', tone: 'green' }] }]);
    const panel = mountInForm(LinePanel, form);
    expect(panel.find('.line-panel').exists()).toBe(false);
    options.current = first!.name;
    await new Promise((resolve) => setTimeout(resolve, 260));
    await settle();
    expect(panel.text()).toContain(`About ${first!.name}`);
    options.current = second!.name;
    await new Promise((resolve) => setTimeout(resolve, 260));
    await settle();
    expect(panel.text()).toContain(`About ${second!.name}`);
    expect(panel.get('dd').classes()).toContain('green');
  });
});
