import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Small Text', () => {
  it('keeps line breaks', async () => {
    const wrapper = mountEdit(definition, { value: 'one' });
    await type(wrapper, 'one\ntwo', 'textarea');
    expect(lastSet(wrapper)).toBe('one\ntwo');
  });

  it('begins with 3 lines, and with one in a grid', () => {
    expect(mountEdit(definition).get('textarea').attributes('rows')).toBe('3');
    expect(mountEdit(definition, { cell: true }).get('textarea').attributes('rows')).toBe('1');
  });

  it('is shown as plain text, never as marks', () => {
    const shown = mountShow(definition, { value: 'a <b>bold</b> claim' });
    expect(shown.text()).toBe('a <b>bold</b> claim');
    expect(shown.find('b').exists()).toBe(false);
  });
});
