import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, type } from '../../../../tests/support';
import definition from '.';

describe('Int', () => {
  it('gives a whole number', async () => {
    const wrapper = mountEdit(definition, { value: 5 });
    await type(wrapper, '1,234.9');
    expect(lastSet(wrapper)).toBe(1234);
  });

  it('reports what is no number and keeps the text', async () => {
    const wrapper = mountEdit(definition, { value: 5 });
    await type(wrapper, 'five');
    expect(lastSet(wrapper)).toBeUndefined();
    expect(lastSet(wrapper, 'problem')).toContain('"five"');
    expect(wrapper.get('input').element.value).toBe('five');
  });

  it('is grouped at rest and plain while edited', async () => {
    const wrapper = mountEdit(definition, { value: 12345 });
    expect(wrapper.get('input').element.value).toBe('12,345');
    await wrapper.get('input').trigger('focus');
    expect(wrapper.get('input').element.value).toBe('12345');
  });
});
