import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Color', () => {
  it('is typed or picked', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '#2490EF', 'input[type=text]');
    expect(lastSet(wrapper)).toBe('#2490EF');
    await wrapper.get('input[type=color]').setValue('#112233');
    await wrapper.get('input[type=color]').trigger('change');
    expect(lastSet(wrapper)).toBe('#112233');
  });

  it('reports what is no colour', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, 'blue', 'input[type=text]');
    expect(lastSet(wrapper, 'problem')).toContain('"blue"');
  });

  it('paints only with colours', () => {
    expect(mountShow(definition, { value: '#112233' }).get('.patch').attributes('style')).toContain('rgb(17, 34, 51)');
    expect(mountShow(definition, { value: 'url(evil)' }).find('.patch').exists()).toBe(false);
  });
});
