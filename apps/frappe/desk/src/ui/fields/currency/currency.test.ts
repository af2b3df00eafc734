import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Currency', () => {
  it('shows the currency beside the amount, in a grid not', () => {
    expect(mountEdit(definition, { value: 5, doc: { currency: 'USD' } }).text()).toBe('USD');
    expect(mountEdit(definition, { value: 5, cell: true }).text()).toBe('');
    expect(mountShow(definition, { value: 1234.5 }).text()).toMatch(/^1,234\.50\sCNY$/);
    expect(mountShow(definition, { value: 1234.5, cell: true }).text()).toBe('1,234.50');
  });

  it('keeps more places than it shows', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '1.2345');
    expect(lastSet(wrapper)).toBe(1.2345);
    expect(wrapper.get('input').element.value).toBe('1.23');
  });

  it('understands a sign of money', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '￥1,000');
    expect(lastSet(wrapper)).toBe(1000);
  });
});
