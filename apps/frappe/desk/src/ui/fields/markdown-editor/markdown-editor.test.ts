import { describe, expect, it, vi } from 'vitest';
import { mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('Markdown Editor', () => {
  it('edits the source and previews it', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '**bold**' });
    expect(wrapper.get('textarea').element.value).toBe('**bold**');
    await wrapper.get('button').trigger('click');
    await vi.waitFor(() => expect(wrapper.find('strong').text()).toBe('bold'));
  });

  it('is shown as it will be read, made harmless', async () => {
    const shown = mountShow(definition, { value: '# Title\n<img src=x onerror=alert(1)>' });
    await vi.waitFor(() => expect(shown.find('h1').text()).toBe('Title'));
    expect(shown.html()).not.toContain('onerror');
  });
});
