import { describe, expect, it } from 'vitest';
import { makeDesk, mountEdit, mountShow, settle } from '../../../../tests/support';
import definition from '.';

describe('Dynamic Link', () => {
  const field = { options: 'partner_type' };

  it('searches the DocType that the other field names', async () => {
    const { desk, site } = makeDesk();
    const wrapper = mountEdit(definition, { field, doc: { partner_type: 'Customer' } }, desk);
    await wrapper.get('input').trigger('click');
    await settle();
    expect(site.calls.at(-1)?.parameters).toMatchObject({ doctype: 'Customer' });
  });

  it('asks nobody before the other field is filled', async () => {
    const { desk, site } = makeDesk();
    const wrapper = mountEdit(definition, { field }, desk);
    await wrapper.get('input').trigger('click');
    await settle();
    expect(site.calls.filter((call) => call.method.includes('search_link'))).toEqual([]);
  });

  it('leads to the document', () => {
    expect(mountShow(definition, { field, value: 'CUST-0001', doc: { partner_type: 'Customer' } }).get('a').attributes('href')).toBe('/app/customer/CUST-0001');
  });
});
