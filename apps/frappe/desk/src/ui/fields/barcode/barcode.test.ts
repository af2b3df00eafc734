import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

const mountEdit2 = (): ReturnType<typeof mountEdit> => mountEdit({ ...definition, edit: Edit });

describe('Barcode', () => {
  it('gives the code that was typed or scanned', async () => {
    const wrapper = mountEdit2();
    await type(wrapper, '6901234567892');
    expect(lastSet(wrapper)).toBe('6901234567892');
  });

  it('shows the code of a stored drawing', () => {
    expect(mountShow(definition, { value: '<svg data-barcode-value="690123"></svg>', cell: true }).text()).toBe('690123');
  });
});
