import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Icon', () => {
  it('is a name', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, 'truck');
    expect(lastSet(wrapper)).toBe('truck');
    expect(mountShow(definition, { value: 'truck' }).text()).toBe('truck');
  });
});
