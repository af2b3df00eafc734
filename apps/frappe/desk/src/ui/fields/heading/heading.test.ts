import { describe, expect, it } from 'vitest';
import { mountEdit, mountShow } from '../../../../tests/support';
import definition from '.';

describe('Heading', () => {
  it('is a heading for everybody', () => {
    expect(mountShow(definition, { field: { label: 'Part two' } }).get('h3').text()).toBe('Part two');
    expect(mountEdit(definition, { field: { label: 'Part two' } }).get('h3').text()).toBe('Part two');
  });
});
