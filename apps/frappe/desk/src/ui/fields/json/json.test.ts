import { describe, expect, it } from 'vitest';
import { lastSet, mountEdit, mountShow, type } from '../../../../tests/support';
import definition from '.';
import Edit from './Edit.vue';

describe('JSON', () => {
  it('takes only JSON', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit });
    await type(wrapper, '{"a": }', 'textarea');
    expect(lastSet(wrapper)).toBeUndefined();
    expect(lastSet(wrapper, 'problem')).toContain('JSON');
    await type(wrapper, '{"a": 1}', 'textarea');
    expect(lastSet(wrapper)).toBe('{"a": 1}');
  });

  it('lays it out on request', async () => {
    const wrapper = mountEdit({ ...definition, edit: Edit }, { value: '{"a":1}' });
    await wrapper.get('button').trigger('click');
    expect(lastSet(wrapper)).toBe('{\n  "a": 1\n}');
  });

  it('shows what the server sent as an object', () => {
    expect(mountShow(definition, { value: { a: 1 } }).text()).toBe('{\n "a": 1\n}');
  });

  it('shows letters as such, however they were stored', () => {
    expect(mountShow(definition, { value: '{"note":"\\u8001"}' }).text()).toContain('"老"');
  });
});
