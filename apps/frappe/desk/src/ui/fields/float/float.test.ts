import { describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Float', () => {
  it('works sums out', async () => {
    const wrapper = mountEdit(definition);
    await type(wrapper, '3*12+0.5');
    expect(lastSet(wrapper)).toBe(36.5);
    expect(wrapper.get('input').element.value).toBe('36.5');
  });

  it('refuses less than nothing where the field says so', async () => {
    const wrapper = mountEdit(definition, { field: { non_negative: 1, label: 'Weight' } });
    await type(wrapper, '-1');
    expect(lastSet(wrapper, 'problem')).toBe('Weight cannot be negative');
  });

  it('starts over with the key that opened the cell', () => {
    expect(mountEdit(definition, { value: 99, cell: true, initialText: '7' }).get('input').element.value).toBe('7');
  });

  it('is replaced by what is typed in the moment it is entered', async () => {
    const wrapper = mountEdit(definition, { value: 1240 });
    const { element } = wrapper.get('input');
    document.body.append(wrapper.element);
    element.focus();
    expect([element.value, element.selectionStart, element.selectionEnd]).toEqual(['1240', 0, 4]);
    await nextTick();
    expect([element.selectionStart, element.selectionEnd]).toEqual([0, 4]);
    element.value = '1';
    element.dispatchEvent(new Event('input'));
    await new Promise((drawn) => requestAnimationFrame(drawn));
    expect(element.selectionStart).toBe(1); // what was typed is not selected, or the next digit would replace it
  });

  it('is shown without empty places', () => {
    expect(mountShow(definition, { value: 2.5 }).text()).toBe('2.5');
    expect(mountShow(definition, { value: 2.5, field: { precision: 2 } }).text()).toBe('2.50');
  });
});
