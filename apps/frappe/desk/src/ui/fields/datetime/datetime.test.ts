import { describe, expect, it } from 'vitest';
import { lastSet, makeDesk, mountEdit, settle, type } from '../../../../tests/support';
import definition from '.';

describe('Datetime', () => {
  it('keeps the time when a day is picked', async () => {
    const wrapper = mountEdit(definition, { value: '2024-03-10 08:15:00' });
    await wrapper.get('.opener').trigger('click');
    await settle(2);
    await wrapper.get('[aria-label="2024-03-21"]').trigger('click');
    expect(lastSet(wrapper)).toBe('2024-03-21 08:15:00');
  });

  it('is shown and stored in the right time zones', async () => {
    const { desk } = makeDesk();
    desk.format.zones = { system: 'Asia/Shanghai', user: 'UTC' };
    const wrapper = mountEdit(definition, { value: '2024-03-10 08:15:00' }, desk);
    expect(wrapper.get('input').element.value).toBe('2024-03-10 00:15');
    await type(wrapper, '2024-03-10 01:00');
    expect(lastSet(wrapper)).toBe('2024-03-10 09:00:00');
  });
});
