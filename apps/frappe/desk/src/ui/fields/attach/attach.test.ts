import { describe, expect, it, vi } from 'vitest';
import { lastSet, makeDesk, mountEdit, mountShow, settle } from '../../../../tests/support';
import definition from '.';

describe('Attach', () => {
  it('uploads the chosen file and keeps its address', async () => {
    const { desk } = makeDesk();
    const upload = vi.spyOn(desk.api, 'upload').mockResolvedValue({ message: { file_url: '/private/files/a.png' } } as never);
    const wrapper = mountEdit(definition, {}, desk);
    const input = wrapper.get<HTMLInputElement>('input[type=file]');
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'a.png')], configurable: true });
    Object.defineProperty(input.element, 'value', { value: '', writable: true });
    await input.trigger('change');
    await settle(3);
    expect((upload.mock.calls[0]![0] as FormData).get('is_private')).toBe('1');
    expect(lastSet(wrapper)).toBe('/private/files/a.png');
  });

  it('reports an upload that failed', async () => {
    const { desk } = makeDesk();
    vi.spyOn(desk.api, 'upload').mockRejectedValue(new Error('too large'));
    const wrapper = mountEdit(definition, {}, desk);
    await wrapper.get('.file').trigger('drop', { dataTransfer: { files: [new File(['x'], 'a.png')] } });
    await settle(3);
    expect(lastSet(wrapper, 'problem')).toBe('too large');
  });

  it('is taken away', async () => {
    const wrapper = mountEdit(definition, { value: '/files/a.png' });
    await wrapper.get('[aria-label="Remove"]').trigger('click');
    expect(lastSet(wrapper)).toBe('');
  });

  it('is shown as a link with its name', () => {
    const shown = mountShow(definition, { value: '/files/a%20b.png' });
    expect(shown.get('a').attributes('href')).toBe('/files/a%20b.png');
    expect(shown.text()).toBe('a b.png');
  });
});
