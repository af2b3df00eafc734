import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Duration', () => {
  it('is kept in seconds and shown in units', async () => {
    const wrapper = mountEdit(definition, { value: 90 });
    expect(wrapper.get('input').element.value).toBe('1m 30s');
    await type(wrapper, '2小时30分');
    expect(lastSet(wrapper)).toBe(9000);
  });

  it('leaves out what its field leaves out', () => {
    expect(mountShow(definition, { value: 90_061, field: { hide_days: 1, hide_seconds: 1 } }).text()).toBe('25h 1m');
  });
});
