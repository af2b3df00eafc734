import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, type } from '../../../../tests/support';
import definition from '.';

describe('Time', () => {
  it('reads short forms', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '930');
    expect(lastSet(wrapper)).toBe('09:30:00');
  });

  it('reports what is no time', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '25:00');
    expect(lastSet(wrapper, 'problem')).toContain('25:00');
  });
});
