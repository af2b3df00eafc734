import { describe, expect, it, vi } from 'vitest';
import { lastSet, makeDesk, mountEdit, mountShow, settle } from '../../../../tests/support';
import definition from '.';

describe('Link', () => {
  const field = { options: 'SKU' };

  it('finds while typing and gives the name', async () => {
    const wrapper = mountEdit(definition, { field });
    await wrapper.get('input').setValue('茶');
    await vi.waitFor(() => expect(wrapper.findAll('[role=option]').map((option) => option.text())[0]).toContain('有机绿茶'));
    await wrapper.get('input').trigger('keydown', { key: 'Enter' });
    expect(lastSet(wrapper)).toBe('SKU-1006');
  });

  it('shows the title and keeps the name', async () => {
    const { desk } = makeDesk();
    desk.titles.learnOne('SKU', 'SKU-1001', 'T恤');
    expect(mountEdit(definition, { field, value: 'SKU-1001' }, desk).get('input').element.value).toBe('T恤');
    const link = mountShow(definition, { field, value: 'SKU-1001' }, desk).get('a');
    expect([link.text(), link.attributes('href')]).toEqual(['T恤', '/app/sku/SKU-1001']);
  });

  it('picks as soon as the answer comes when Enter was quicker (a scanner)', async () => {
    const wrapper = mountEdit(definition, { field });
    await wrapper.get('input').setValue('SKU-1003');
    await wrapper.get('input').trigger('keydown', { key: 'Enter' });
    expect(lastSet(wrapper)).toBeUndefined();
    await vi.waitFor(() => expect(lastSet(wrapper)).toBe('SKU-1003'));
  });

  it('goes back to what was there when nothing answers', async () => {
    const wrapper = mountEdit(definition, { field, value: 'SKU-1001' });
    await wrapper.get('input').setValue('nonsense');
    await wrapper.get('input').trigger('blur');
    await vi.waitFor(() => expect(wrapper.get('input').element.value).toBe('SKU-1001'));
    expect(lastSet(wrapper)).toBeUndefined();
  });

  it('is cleared by emptying it', async () => {
    const wrapper = mountEdit(definition, { field, value: 'SKU-1001' });
    await wrapper.get('input').setValue('');
    await wrapper.get('input').trigger('blur');
    await vi.waitFor(() => expect(lastSet(wrapper)).toBe(''));
  });

  it('offers to create what is not there, if the user may', async () => {
    const { desk } = makeDesk();
    const wrapper = mountEdit(definition, { field }, desk);
    await wrapper.get('input').setValue('Brand new');
    await vi.waitFor(() => expect(wrapper.text()).toContain('Create "Brand new"'));
    desk.boot.user.can_create = [];
    const other = mountEdit(definition, { field }, desk);
    await other.get('input').trigger('click');
    await settle();
    expect(other.text()).not.toContain('Create');
  });

  it('does not lead where the user may not go', () => {
    const { desk } = makeDesk();
    desk.boot.user.can_read = [];
    expect(mountShow(definition, { field, value: 'SKU-1001' }, desk).find('a').exists()).toBe(false);
  });
});
