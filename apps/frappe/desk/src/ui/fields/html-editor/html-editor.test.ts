import { describe, expect, it, vi } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('HTML Editor', () => {
  it('edits the source as it is', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '<p>a</p>' });
    expect(wrapper.get('textarea').element.value).toBe('<p>a</p>');
    await type(wrapper, '<p>b</p>', 'textarea');
    expect(lastSet(wrapper)).toBe('<p>b</p>');
  });

  it('previews and shows it without what could do harm', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '<p onclick="x()">a</p>' });
    await wrapper.get('button').trigger('click');
    await vi.waitFor(() => expect(wrapper.find('p').exists()).toBe(true));
    expect(wrapper.html()).not.toContain('onclick');
    expect(mountShow(definition, { value: '<p>a</p>', cell: true }).text()).toBe('a');
  });
});
