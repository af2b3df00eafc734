import { describe, expect, it } from 'vitest';
import { mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Phone', () => {
  it('brings up the keys for numbers', () => {
    expect(mountEdit(definition).get('input').attributes()).toMatchObject({ type: 'tel', inputmode: 'tel' });
  });

  it('can be called', () => {
    expect(mountShow(definition, { value: '+86 138 0000 0000' }).get('a').attributes('href')).toBe('tel:+86 138 0000 0000');
  });
});
