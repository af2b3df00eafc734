import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Meta } from '../meta/meta';
import { DocModel, temporaryName } from './model';
import type { Doc } from './types';

const child = new Meta({ name: 'Order Item', istable: 1, fields: [{ fieldname: 'sku', fieldtype: 'Link', options: 'SKU' }, { fieldname: 'qty', fieldtype: 'Float' }, { fieldname: 'secret', fieldtype: 'Data', no_copy: 1 }] });
const meta = new Meta({ name: 'Order', fields: [{ fieldname: 'customer', fieldtype: 'Link', options: 'Customer' }, { fieldname: 'total', fieldtype: 'Currency' }, { fieldname: 'items', fieldtype: 'Table', options: 'Order Item' }] });

const row = (name: string, qty: number): Doc => ({ doctype: 'Order Item', name, sku: 'S', qty, parent: 'O-1', parentfield: 'items' });
let model: DocModel;
beforeEach(() => {
  model = new DocModel(meta, { doctype: 'Order', name: 'O-1', modified: '1', customer: 'C', total: 5, items: [row('r1', 1), row('r2', 2)] }, { childMeta: () => child, newRow: () => ({ qty: 1 }) });
});

const order = (): string => model.rows('items').map((item) => `${item.name}${item.idx}`).join(' ');

describe('a value', () => {
  it('that is set is told with what was there before', () => {
    const heard = vi.fn();
    model.on('change', heard);
    expect(model.set('customer', 'D')).toBe(true);
    expect(heard).toHaveBeenCalledWith({ doc: model.doc, table: null, fieldname: 'customer', value: 'D', previous: 'C' });
  });

  it('that stays the same is no change', () => {
    expect(model.set('customer', 'C')).toBe(false);
    expect(model.set('total', '5')).toBe(false);
    expect(model.state.dirty).toBe(false);
  });

  it('that comes back leaves the document clean', () => {
    model.set('customer', 'D');
    expect(model.state.dirty).toBe(true);
    model.set('customer', 'C');
    expect(model.state.dirty).toBe(false);
    expect(model.doc.__unsaved).toBeUndefined();
  });

  it('takes the form of its field', () => {
    model.set('total', '12.5');
    expect(model.doc.total).toBe(12.5);
    model.setInRow('items', model.rows('items')[0]!, 'qty', '3');
    expect(model.rows('items')[0]!.qty).toBe(3);
  });

  it('of nothing and of an empty text are the same', () => {
    model.load({ doctype: 'Order', name: 'O-1', customer: null });
    expect(model.set('customer', '')).toBe(false);
  });
});

describe('rows', () => {
  it('are numbered, and numbered again when they change', () => {
    const [fresh] = model.addRows('items', [{ sku: 'X' }], 1);
    expect(fresh).toMatchObject({ sku: 'X', qty: 1, idx: 2, parent: 'O-1', parentfield: 'items', __islocal: 1, doctype: 'Order Item' });
    expect(model.rows('items').map((item) => item.idx)).toEqual([1, 2, 3]);
    model.removeRows('items', ['r1']);
    expect(model.rows('items').map((item) => item.idx)).toEqual([1, 2]);
  });

  it('move to any place', () => {
    model.moveRow('items', 'r2', 0);
    expect(order()).toBe('r21 r12');
    expect(model.state.dirty).toBe(true);
    model.moveRow('items', 'r2', 99);
    expect(order()).toBe('r11 r22');
    expect(model.state.dirty).toBe(false);
  });

  it('are duplicated behind themselves without what must not be copied', () => {
    model.rows('items')[0]!.secret = 'x';
    const copy = model.duplicateRow('items', model.rows('items')[0]!);
    expect(copy).toMatchObject({ sku: 'S', qty: 1, idx: 2 });
    expect(copy!.secret).toBeUndefined();
    expect(copy!.name).not.toBe('r1');
  });

  it('tell who came and who went', () => {
    const heard = vi.fn();
    model.on('rows', heard);
    model.removeRows('items', ['r1']);
    expect(heard.mock.calls[0]![0]).toMatchObject({ table: 'items', removed: [{ name: 'r1' }] });
  });

  it('that were added and removed again leave the document clean', () => {
    const [fresh] = model.addRows('items', [{}]);
    model.setInRow('items', fresh!, 'qty', 7);
    model.removeRows('items', [fresh!.name]);
    expect(model.state.dirty).toBe(false);
  });
});

describe('a row that was added empty', () => {
  it('is untouched until something is put into it', () => {
    const [added] = model.addRows('items', [{}]);
    expect(model.isUntouched(added!)).toBe(true);
    model.setInRow('items', added!, 'sku', 'S-9');
    expect(model.isUntouched(added!)).toBe(false);
  });

  it('stays untouched when rows above it go, and a row with values never is', () => {
    const [empty] = model.addRows('items', [{}]);
    model.removeRows('items', ['r1']);
    expect(model.isUntouched(empty!)).toBe(true);
    const [given] = model.addRows('items', [{ sku: 'S' }]);
    expect([model.isUntouched(given!), model.isUntouched(model.rows('items')[0]!)]).toEqual([false, false]);
  });

  it('counts a script that writes into it past the model', () => {
    const [added] = model.addRows('items', [{}]);
    added!.qty = 3;
    expect(model.isUntouched(added!)).toBe(false);
  });
});

describe('travelling', () => {
  it('leaves the desk\'s own marks behind', () => {
    model.doc.__onload = { a: 1 };
    model.set('customer', 'D');
    const sent = model.payload();
    expect(sent.__onload).toBeUndefined();
    expect(sent.__unsaved).toBe(1);
    expect((sent.items as Doc[])[0]).toMatchObject({ name: 'r1', qty: 1 });
  });

  it('and back makes the document clean and keeps the object', () => {
    const { doc } = model;
    model.set('customer', 'D');
    model.load({ doctype: 'Order', name: 'O-1', modified: '2', customer: 'D', items: [row('r9', 4)] });
    expect(model.doc).toBe(doc);
    expect(model.state.dirty).toBe(false);
    expect(doc.total).toBeUndefined();
    expect(order()).toBe('r91');
  });

  it('names what has changed, for putting it over another version', () => {
    model.set('customer', 'D');
    model.setInRow('items', model.rows('items')[1]!, 'qty', 9);
    expect(model.changedFields().sort()).toEqual(['customer', 'items']);
  });

  it('takes what the server worked out as a change', () => {
    model.adopt({ ...model.payload(), total: 99 });
    expect(model.doc.total).toBe(99);
    expect(model.state.dirty).toBe(true);
  });
});

it('gives names that say they are temporary', () => {
  expect(temporaryName('Sales Order')).toMatch(/^new-sales-order-[a-z]{10}$/);
});
