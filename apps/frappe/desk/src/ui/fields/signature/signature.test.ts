import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('Signature', () => {
  it('is shown as a picture', () => {
    const shown = mountShow(definition, { value: 'data:image/png;base64,AAAA' });
    expect(shown.get('img').attributes()).toMatchObject({ src: 'data:image/png;base64,AAAA', alt: 'Signature' });
    expect(mountShow(definition).find('img').exists()).toBe(false);
  });

  it('is wiped away', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '' });
    await wrapper.get('button').trigger('click');
    expect(lastSet(wrapper)).toBe('');
  });
});
