import { describe, expect, it } from 'vitest';
import { Meta } from './meta/meta';
import { addressesIn, addressOf, newMail, replyTo } from './mail';

const meta = new Meta({ name: 'Customer', title_field: 'customer_name', fields: [
  { fieldname: 'customer_name', fieldtype: 'Data' }, { fieldname: 'email_id', fieldtype: 'Data' }, { fieldname: 'note', fieldtype: 'Data' },
] });
const mail = { name: 'M1', creation: '', owner: 'ann@x.cn', sender: '"Ann" <ann@x.cn>', recipients: 'bob@y.cn, me@z.cn', cc: 'me@z.cn; eve@x.cn', subject: 'Price', content: '<p>Hello</p>' };

describe('addresses', () => {
  it('are told apart from names and from what is none', () => {
    expect(addressesIn('Ann <ann@x.cn>, bob@y.cn; nobody\nann@x.cn')).toEqual(['ann@x.cn', 'bob@y.cn']);
    expect([addressOf('张伟 <z@q.com>'), addressOf('z at q')]).toEqual(['z@q.com', null]);
  });
});

describe('a new mail', () => {
  it('goes to the document\'s own address and says what it is about', () => {
    const doc = { doctype: 'Customer', name: 'CUST-1', customer_name: 'Ann', email_id: 'ann@x.cn', note: 'other@x.cn' };
    expect(newMail(doc, meta)).toMatchObject({ recipients: ['ann@x.cn'], subject: 'Ann (Customer CUST-1)' });
  });

  it('has nobody in it where the document names nobody', () => {
    expect(newMail({ doctype: 'Customer', name: 'CUST-1' }, meta)).toMatchObject({ recipients: [], subject: 'Customer CUST-1' });
  });
});

describe('an answer', () => {
  it('goes to the sender, with what was written below', () => {
    expect(replyTo({ ...mail, sent_or_received: 'Received' }, 'me@z.cn')).toEqual({ recipients: ['ann@x.cn'], cc: ['eve@x.cn'], bcc: [], subject: 'Re: Price', content: '<p></p><blockquote><p>Hello</p></blockquote>' });
  });

  it('to an own mail goes to the same people, and does not collect "Re:"', () => {
    const own = { ...mail, sender: 'me@z.cn', sent_or_received: 'Sent', subject: 'Re: Price' };
    expect(replyTo(own, 'me@z.cn')).toMatchObject({ recipients: ['bob@y.cn', 'me@z.cn'], subject: 'Re: Price' });
  });
});
