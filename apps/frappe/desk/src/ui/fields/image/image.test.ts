import { describe, expect, it } from 'vitest';
import { mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Image', () => {
  it('shows the picture of the field that it names', () => {
    const shown = mountShow(definition, { field: { options: 'picture' }, doc: { picture: '/files/x.png' } });
    expect(shown.get('img').attributes('src')).toBe('/files/x.png');
  });

  it('shows nothing without one, and nothing to edit', () => {
    const wrapper = mountEdit(definition, { field: { options: 'picture' } });
    expect(wrapper.find('img').exists()).toBe(false);
    expect(wrapper.find('input').exists()).toBe(false);
  });
});
