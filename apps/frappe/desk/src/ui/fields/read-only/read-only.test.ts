import { describe, expect, it } from 'vitest';
import { mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Read Only', () => {
  it('has no input, and shows its value', () => {
    const wrapper = mountEdit(definition, { value: 'fixed' });
    expect(wrapper.find('input').exists()).toBe(false);
    expect(wrapper.text()).toBe('fixed');
    expect(mountShow(definition, { value: 'fixed' }).text()).toBe('fixed');
  });
});
