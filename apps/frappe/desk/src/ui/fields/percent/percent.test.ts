import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Percent', () => {
  it('reads with and without its sign', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '12.5%');
    expect(lastSet(wrapper)).toBe(12.5);
  });

  it('is shown with its sign', () => {
    expect(mountShow(definition, { value: 12.5 }).text()).toBe('12.5%');
  });
});
