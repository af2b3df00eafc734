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

  it('shows what a script makes of the value, and keeps the value', async () => {
    const labelled = { options: '', formatter: (value: unknown) => (value === 'grand_total' ? '<b>总计</b>' : value) };
    const wrapper = mountEdit(definition, { value: 'grand_total', field: labelled as never });
    expect(wrapper.get('input').element.value).toBe('总计');
    expect(mountShow(definition, { value: 'grand_total', field: labelled as never }).text()).toBe('总计');
    await wrapper.get('input').setValue('Durian');
    await wrapper.get('input').trigger('blur');
    await vi.waitFor(() => expect(lastSet(wrapper)).toBe('Durian'));
  });
});
