import { describe, expect, it } from 'vitest';
import { makeDesk, mountInForm, openForm, settle } from '../../../../tests/support';
import definition from '.';
import type { Doc } from '@/core/document/types';

describe('Table MultiSelect', () => {
  it('keeps one row per document, each once', async () => {
    const testDesk = makeDesk();
    const form = await openForm(testDesk, 'Sales Order', 'SO-2024-00136');
    const wrapper = mountInForm(definition.edit, form, { field: form.field('tags'), modelValue: form.doc.tags, doc: form.doc });
    await wrapper.get('input').trigger('click');
    await settle();
    await wrapper.get('[role=option]').trigger('click');
    expect((form.doc.tags as Doc[]).map((row) => row.tag)).toEqual(['山川']);
    await wrapper.get('input').trigger('click');
    await settle();
    await wrapper.get('[role=option]').trigger('click');
    expect(form.doc.tags).toHaveLength(1);
  });

  it('is shown as links', async () => {
    const testDesk = makeDesk();
    const form = await openForm(testDesk, 'Sales Order', 'SO-2024-00136', { tags: [{ doctype: 'Sales Order Tag', name: 't', tag: '山川' }] });
    const shown = mountInForm(definition.show, form, { field: form.field('tags'), modelValue: form.doc.tags, doc: form.doc });
    expect(shown.get('a').attributes('href')).toBe(`/app/brand/${encodeURIComponent('山川')}`);
  });
});
