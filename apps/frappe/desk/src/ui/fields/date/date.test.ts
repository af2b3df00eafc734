import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, settle, type } from '../../../../tests/support';
import definition from '.';

describe('Date', () => {
  it('reads what people type and shows it in the format', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '20240105');
    expect(lastSet(wrapper)).toBe('2024-01-05');
    expect(wrapper.get('input').element.value).toBe('2024-01-05');
  });

  it('is picked from a calendar', async () => {
    const wrapper = mountEdit(definition, { value: '2024-03-10' });
    await wrapper.get('.opener').trigger('click');
    await settle(2);
    await wrapper.get('[aria-label="2024-03-21"]').trigger('click');
    expect(lastSet(wrapper)).toBe('2024-03-21');
  });

  it('goes through the calendar by keyboard', async () => {
    const wrapper = mountEdit(definition, { value: '2024-03-31' });
    await wrapper.get('.opener').trigger('click');
    await settle(2);
    await wrapper.get('.days').trigger('keydown', { key: 'ArrowRight' });
    expect(wrapper.get('.days [tabindex="0"]').attributes('aria-label')).toBe('2024-04-01');
  });

  it('reports what is no date', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, 'soon');
    expect(lastSet(wrapper, 'problem')).toContain('"soon"');
  });
});
