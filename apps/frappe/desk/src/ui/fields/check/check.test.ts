import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Check', () => {
  it('gives 1 and 0', async () => {
    const wrapper = mountEdit(definition, { value: 0 });
    await wrapper.get('input').setValue(true);
    expect(lastSet(wrapper)).toBe(1);
    await wrapper.get('input').setValue(false);
    expect(lastSet(wrapper)).toBe(0);
  });

  it('carries its label itself', () => {
    expect(mountEdit(definition, { field: { label: 'Gift' } }).text()).toBe('Gift');
    expect(mountEdit(definition, { field: { label: 'Gift' }, cell: true }).text()).toBe('');
  });

  it('says yes or no to those who cannot see it', () => {
    expect(mountShow(definition, { value: 1 }).get('[role=img]').attributes('aria-label')).toBe('Yes');
    expect(mountShow(definition, { value: '0' }).get('[role=img]').attributes('aria-label')).toBe('No');
  });
});
