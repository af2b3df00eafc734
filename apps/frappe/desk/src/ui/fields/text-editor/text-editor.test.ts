import { describe, expect, it, vi } from 'vitest';
import { mountEdit, mountShow, settle } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('Text Editor', () => {
  it('shows its marks and gives HTML when left', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '<p>Hello <strong>you</strong></p>' });
    await settle(3);
    expect(wrapper.get('.ProseMirror strong').text()).toBe('you');
    expect(wrapper.get('[role=toolbar]').attributes('aria-label')).toBe('Formatting');
  });

  it('drops scripts when it takes its value', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '<p>a</p><script>window.hacked = 1</script>' });
    await settle(3);
    expect(wrapper.find('script').exists()).toBe(false);
  });

  it('follows a value that changes from outside', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '<p>a</p>' });
    await wrapper.setProps({ modelValue: '<p>b</p>' });
    await settle(3);
    expect(wrapper.get('.ProseMirror').text()).toBe('b');
  });

  it('is shown made harmless, in a grid as text', async () => {
    const shown = mountShow(definition, { value: '<p onclick="x()">a <b>b</b></p>' });
    await vi.waitFor(() => expect(shown.find('b').exists()).toBe(true));
    expect(shown.html()).not.toContain('onclick');
    expect(mountShow(definition, { value: '<p>a <b>b</b></p>', cell: true }).text()).toBe('a b');
  });
});
