import { describe, expect, it, vi } from 'vitest';
import { mountShow } from '../../../../tests/support';
import definition from '.';
import { mount } from '@vue/test-utils';
import { FIELD_HOST } from '../types';

describe('Button', () => {
  it('runs what its form does with it', async () => {
    const press = vi.fn(() => Promise.resolve());
    const field = { fieldname: 'go', fieldtype: 'Button', label: 'Go' };
    const wrapper = mount(definition.edit, { props: { field, modelValue: null, doc: { doctype: 'T', name: '1' } }, global: { provide: { [FIELD_HOST as symbol]: { press } } } });
    await wrapper.get('button').trigger('click');
    expect(press).toHaveBeenCalledWith(field, { doctype: 'T', name: '1' });
  });

  it('works on documents that cannot be edited, too', () => {
    expect(mountShow(definition, { field: { label: 'Go' } }).get('button').text()).toBe('Go');
  });
});
