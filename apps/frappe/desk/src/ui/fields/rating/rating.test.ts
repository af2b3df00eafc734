import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Rating', () => {
  it('is a share of its stars', async () => {
    const wrapper = mountEdit(definition, { value: 0 });
    await wrapper.findAll('.star')[3]!.trigger('click');
    expect(lastSet(wrapper)).toBe(0.8);
  });

  it('is taken away by the same star', async () => {
    const wrapper = mountEdit(definition, { value: 0.6 });
    await wrapper.findAll('.star')[2]!.trigger('click');
    expect(lastSet(wrapper)).toBe(0);
  });

  it('moves with the arrows, up to the last star', async () => {
    const wrapper = mountEdit(definition, { value: 1 });
    await wrapper.get('[role=slider]').trigger('keydown', { key: 'ArrowRight' });
    expect(lastSet(wrapper)).toBe(1);
    await wrapper.get('[role=slider]').trigger('keydown', { key: 'ArrowLeft' });
    expect(lastSet(wrapper)).toBe(0.8);
  });

  it('has as many stars as its options say, and says how many are given', () => {
    expect(mountShow(definition, { value: 0.5, field: { options: '10' } }).get('[role=img]').attributes('aria-label')).toBe('5 of 10 stars');
  });
});
