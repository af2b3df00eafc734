import { describe, expect, it, vi } from 'vitest';
import { makeDesk, mountShow, settle } from '../../../../tests/support';
import definition from '.';
import { mount } from '@vue/test-utils';
import type { DocField } from '@/core/meta/types';
import { DESK } from '../../services';
import { ensureHtmlSlot } from './slot';

const mountShow2 = (field: DocField): ReturnType<typeof mountShow> => mount(definition.show, { props: { field, modelValue: null, doc: { doctype: 'T', name: '1' } }, global: { provide: { [DESK as symbol]: makeDesk().desk } } });

describe('HTML', () => {
  it('shows harmless marks and drops the others', async () => {
    const shown = mountShow(definition, { field: { options: '<p>Hello <b>you</b><img src=x onerror="window.hacked=1"><script>window.hacked=1</script></p>' } });
    await vi.waitFor(() => expect(shown.find('b').exists()).toBe(true));
    expect(shown.html()).not.toMatch(/onerror|<script/);
  });

  it('gives its place to what a script fills', async () => {
    const field: DocField = { fieldname: 'chart', fieldtype: 'HTML', options: '<p>old</p>' };
    ensureHtmlSlot(field).innerHTML = '<canvas></canvas>';
    const shown = mountShow2(field);
    await settle(2);
    expect(shown.find('canvas').exists()).toBe(true);
    expect(shown.text()).not.toContain('old');
  });
});
