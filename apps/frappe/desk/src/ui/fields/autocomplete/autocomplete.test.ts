import { describe, expect, it, vi } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Autocomplete', () => {
  const field = { options: 'Apple\nBanana\nCherry' };

  it('suggests what answers', async () => {
    const wrapper = mountEdit(definition, { field });
    await wrapper.get('input').setValue('an');
    await vi.waitFor(() => expect(wrapper.findAll('[role=option]').map((option) => option.text())).toEqual(['Banana']));
    await wrapper.get('[role=option]').trigger('click');
    expect(lastSet(wrapper)).toBe('Banana');
  });

  it('takes anything else, too', async () => {
    const wrapper = mountEdit(definition, { field });
    await wrapper.get('input').setValue('Durian');
    await wrapper.get('input').trigger('blur');
    await vi.waitFor(() => expect(lastSet(wrapper)).toBe('Durian'));
    expect(mountShow(definition, { value: 'Durian', field }).text()).toBe('Durian');
  });
});
