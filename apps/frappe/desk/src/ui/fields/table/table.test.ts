import { describe, expect, it } from 'vitest';
import { makeDesk, mountInForm, openForm } from '../../../../tests/support';
import definition from '.';

describe('Table', () => {
  it('draws the rows of its child DocType', async () => {
    const form = await openForm(makeDesk(), 'Sales Order', 'SO-2024-00136');
    const wrapper = mountInForm(definition.edit, form, { field: form.field('items'), modelValue: form.doc.items, doc: form.doc });
    expect(wrapper.findAll('[role=row]')).toHaveLength(2 + (form.doc.items as unknown[]).length);
    expect(wrapper.text()).toContain('Add row');
  });

  it('offers no change of a submitted document', async () => {
    const form = await openForm(makeDesk(), 'Sales Order', 'SO-2024-00135');
    expect(form.doc.docstatus).toBe(1);
    const wrapper = mountInForm(definition.show, form, { field: form.field('items'), modelValue: form.doc.items, doc: form.doc });
    expect(wrapper.text()).not.toContain('Add row');
    expect(wrapper.find('input').exists()).toBe(false);
  });
});
