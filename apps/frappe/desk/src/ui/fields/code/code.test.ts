import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('Code', () => {
  it('indents with Tab and keeps everything as typed', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: 'a' });
    const area = wrapper.get('textarea');
    area.element.setSelectionRange(1, 1);
    await area.trigger('keydown', { key: 'Tab' });
    await area.trigger('change');
    expect(lastSet(wrapper)).toBe('a\t');
  });

  it('is shown in its lines', () => {
    expect(mountShow(definition, { value: 'if x:\n  y' }).element.textContent).toBe('if x:\n  y');
  });
});
