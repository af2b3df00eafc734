import { describe, expect, it } from 'vitest';
import { lastSet, makeDesk, mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';
import { setCatalogues } from '@/core/i18n';

function chineseDesk(): ReturnType<typeof makeDesk>['desk'] {
  const { desk } = makeDesk();
  setCatalogues('zh', { Red: '红' });
  return desk;
}

describe('Select', () => {
  const field = { options: '\nRed\nGreen' };

  it('gives the chosen value', async () => {
    const wrapper = mountEdit(definition, { field });
    await wrapper.get('select').setValue('Green');
    expect(lastSet(wrapper)).toBe('Green');
  });

  it('shows the words of the language, and keeps the values', () => {
    const option = mountEdit(definition, { field }, chineseDesk()).findAll('option')[1]!;
    expect([option.text(), option.element.value]).toEqual(['红', 'Red']);
    expect(mountShow(definition, { value: 'Red', field }, chineseDesk()).text()).toBe('红');
  });

  it('keeps a value that is no longer offered', () => {
    const wrapper = mountEdit(definition, { field, value: 'Blue' });
    expect(wrapper.get('select').element.value).toBe('Blue');
  });

  it('takes choices that a script sets as a list', () => {
    expect(mountEdit(definition, { field: { options: [{ value: 'a', label: 'A!' }] as never } }).findAll('option').map((option) => option.text())).toContain('A!');
  });
});
