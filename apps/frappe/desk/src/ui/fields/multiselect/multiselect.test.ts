import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, settle } from '../../../../tests/support';
import definition from '.';
import { splitValues } from './values';

describe('MultiSelect', () => {
  const field = { options: 'One\nTwo\nThree' };

  it('adds and removes choices of its text', async () => {
    const wrapper = mountEdit(definition, { field, value: 'One, Three' });
    await wrapper.get('input').trigger('click');
    await settle(3);
    expect(wrapper.findAll('[role=option]').map((option) => option.text())).toEqual(['Two']);
    await wrapper.get('[role=option]').trigger('click');
    expect(lastSet(wrapper)).toBe('One, Three, Two');
    await wrapper.get('[aria-label="Remove One"]').trigger('click');
    expect(lastSet(wrapper)).toBe('Three');
  });

  it('understands Chinese commas and repeats nothing', () => {
    expect(splitValues('a，b, a,')).toEqual(['a', 'b']);
    expect(mountShow(definition, { value: 'a，b' }).findAll('[role=listitem]')).toHaveLength(2);
  });
});
