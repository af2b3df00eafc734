import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';

describe('Data', () => {
  it('gives what was typed, without blanks around it', async () => {
    const wrapper = mountEdit(definition, { value: 'old' });
    await type(wrapper, '  new  ');
    expect(lastSet(wrapper)).toBe('new');
  });

  it('has the keyboard that its options ask for', () => {
    expect(mountEdit(definition, { field: { options: 'Email' } }).get('input').attributes()).toMatchObject({ type: 'email', inputmode: 'email' });
    expect(mountEdit(definition, { field: { options: 'Phone' } }).get('input').attributes('type')).toBe('tel');
  });

  it('takes no more than the column holds', () => {
    expect(mountEdit(definition).get('input').attributes('maxlength')).toBe('140');
    expect(mountEdit(definition, { field: { length: 20 } }).get('input').attributes('maxlength')).toBe('20');
  });

  it('leads to addresses, and only to real ones', () => {
    expect(mountShow(definition, { value: 'a@b.cn', field: { options: 'Email' } }).get('a').attributes('href')).toBe('mailto:a@b.cn');
    expect(mountShow(definition, { value: 'https://x.cn', field: { options: 'URL' } }).get('a').attributes('rel')).toContain('noopener');
    expect(mountShow(definition, { value: 'javascript:alert(1)', field: { options: 'URL' } }).find('a').exists()).toBe(false);
  });
});
