import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Password', () => {
  it('is hidden until asked to be seen', async () => {
    const wrapper = mountEdit(definition, { value: 'secret' });
    expect(wrapper.get('input').attributes('type')).toBe('password');
    await wrapper.get('button').trigger('click');
    expect(wrapper.get('input').attributes('type')).toBe('text');
  });

  it('is never shown', () => {
    expect(mountShow(definition, { value: 'secret' }).text()).not.toContain('secret');
  });

  it('keeps blanks: they are part of it', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, ' a b ');
    expect(lastSet(wrapper)).toBe(' a b ');
  });
});
