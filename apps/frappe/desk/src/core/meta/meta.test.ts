import { describe, expect, it, vi } from 'vitest';
import type { ApiClient } from '../api/client';
import type { Doc } from '../document/types';
import { can, documentRights, rightsOf } from '../permissions';
import { holds, lendNames } from './conditions';
import { buildLayout, fieldsUnder } from './layout';
import { labelOf, Meta } from './meta';
import { canChangeRows, fieldState, isShown, missingValues, startsCollapsed, type FormSituation } from './state';
import { MetaStore } from './store';
import type { DocField, DocTypeData } from './types';

const f = (fieldname: string, fieldtype: DocField['fieldtype'] = 'Data', more: Partial<DocField> = {}): DocField => ({ fieldname, fieldtype, label: fieldname, ...more });
const rights = (...levels: string[][]): FormSituation['rights'] => Object.fromEntries(levels.map((list, level) => [level, new Set(list as never[])]));
const situation = (more: Partial<FormSituation> = {}): FormSituation => ({ doc: { doctype: 'T', name: '1' }, rights: rights(['read', 'write', 'create']), docstatus: 0, isNew: false, ...more });

describe('the layout', () => {
  const tabs = buildLayout([f('a'), f('c1', 'Column Break'), f('b'), f('s1', 'Section Break'), f('c'), f('t1', 'Tab Break'), f('d'), f('s2', 'Section Break'), f('s3', 'Section Break'), f('e')]);

  it('has tabs, sections and columns as the breaks say, without empty ones', () => {
    expect(tabs.map((tab) => tab.sections.map((section) => section.columns.map((column) => column.fields.map((field) => field.fieldname).join()).join('|')))).toEqual([['a|b', 'c'], ['d', 'e']]);
  });

  it('holds every field exactly once', () => {
    expect(tabs.flatMap(fieldsUnder).map((field) => field.fieldname)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('that begins with a tab has no empty tab before it', () => {
    expect(buildLayout([f('t', 'Tab Break'), f('a')])).toHaveLength(1);
  });
});

describe('conditions', () => {
  const doc = { doctype: 'T', name: '1', kind: 'A', rows: [{}], none: [], qty: 0 } as unknown as Doc;

  it.each([['eval:doc.kind == "A"', true], ['eval:doc.qty > 0', false], ['kind', true], ['qty', false], ['rows', true], ['none', false], ['eval:["A","B"].includes(doc.kind)', true]])('%s is %s', (condition, expected) => {
    expect(holds(condition, { doc }, true)).toBe(expected);
  });

  it('of a row can ask its document', () => {
    expect(holds('eval:parent.kind == "A"', { doc: {}, parent: doc }, false)).toBe(true);
  });

  it('can ask about the user', () => {
    lendNames({ frappe: { session: { user: 'me' }, user: { has_role: (role: string) => role === 'Boss' } } });
    expect(holds('eval:frappe.session.user == "me"', { doc }, false)).toBe(true);
    expect(holds('eval:frappe.user.has_role("Boss")', { doc }, false)).toBe(true);
  });

  it('that are empty or broken hide nothing, and the broken one is reported once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(holds('', { doc }, true)).toBe(true);
    expect(holds('eval:doc.(', { doc }, true)).toBe(true);
    expect(holds('eval:doc.(', { doc }, false)).toBe(false);
    expect(warn).toHaveBeenCalledOnce();
  });
});

describe('a field', () => {
  it('is hidden by its flag, its condition and its level', () => {
    expect(fieldState(f('a', 'Data', { hidden: 1 }), situation()).visible).toBe(false);
    expect(fieldState(f('a', 'Data', { mask: 1 }), situation({ doc: { doctype: 'T', name: 'x', a: '138XXXXXX' } })).readOnly).toBe(true);
    expect(fieldState(f('a', 'Data', { mask: 1 }), situation({ doc: { doctype: 'T', name: 'x', a: '13800138000' } })).readOnly).toBe(false);
    expect(fieldState(f('a', 'Data', { depends_on: 'eval:doc.b' }), situation()).visible).toBe(false);
    expect(fieldState(f('a', 'Data', { permlevel: 1 }), situation()).visible).toBe(false);
    expect(fieldState(f('a', 'Data', { permlevel: 1 }), situation({ rights: rights(['read', 'write'], ['read']) }))).toMatchObject({ visible: true, readOnly: true });
  });

  it('is fixed by its flag, its condition, its first value, and the state of the document', () => {
    const fixed = (field: DocField, more: Partial<FormSituation> = {}): boolean => fieldState(field, situation(more)).readOnly;
    expect(fixed(f('a'))).toBe(false);
    expect(fixed(f('a', 'Data', { read_only: 1 }))).toBe(true);
    expect(fixed(f('a', 'Data', { read_only_depends_on: 'eval:1 == 1' }))).toBe(true);
    expect(fixed(f('a', 'Data', { set_only_once: 1 }), { doc: { doctype: 'T', name: '1', a: 'x' } })).toBe(true);
    expect(fixed(f('a', 'Data', { set_only_once: 1 }), { doc: { doctype: 'T', name: '1', a: 'x', __islocal: 1 }, isNew: true })).toBe(false);
    expect(fixed(f('a'), { docstatus: 1 })).toBe(true);
    expect(fixed(f('a', 'Data', { allow_on_submit: 1 }), { docstatus: 1 })).toBe(false);
    expect(fixed(f('a', 'Data', { allow_on_submit: 1 }), { docstatus: 2 })).toBe(true);
    expect(fixed(f('a'), { locked: true })).toBe(true);
    expect(fixed(f('a'), { rights: rights(['read']) })).toBe(true);
    expect(fixed(f('a'), { rights: rights(['read', 'create']), isNew: true })).toBe(false);
  });

  it('is required only where it can be filled', () => {
    const required = (more: Partial<DocField>): boolean => fieldState(f('a', 'Data', more), situation({ doc: { doctype: 'T', name: '1', kind: 'A' } })).required;
    expect(required({ reqd: 1 })).toBe(true);
    expect(required({ mandatory_depends_on: 'eval:doc.kind == "A"' })).toBe(true);
    expect(required({ mandatory_depends_on: 'eval:doc.kind == "B"' })).toBe(false);
    expect(required({ reqd: 1, read_only: 1 })).toBe(false);
    expect(required({ reqd: 1, hidden: 1 })).toBe(false);
  });

  it('of a submitted table takes rows only when it may be changed then', () => {
    expect(canChangeRows(f('items', 'Table'), situation({ docstatus: 1 }))).toBe(false);
    expect(canChangeRows(f('items', 'Table', { allow_on_submit: 1 }), situation({ docstatus: 1 }))).toBe(true);
  });
});

describe('sections', () => {
  const [tab] = buildLayout([f('s', 'Section Break', { depends_on: 'eval:doc.show', collapsible: 1, collapsible_depends_on: 'eval:doc.open' }), f('a')]);
  const section = tab!.sections[0]!;

  it('show when their condition holds and something in them does', () => {
    expect(isShown(section, situation({ doc: { doctype: 'T', name: '1', show: 1 } }), () => true)).toBe(true);
    expect(isShown(section, situation({ doc: { doctype: 'T', name: '1', show: 1 } }), () => false)).toBe(false);
    expect(isShown(section, situation(), () => true)).toBe(false);
  });

  it('start closed until their condition opens them', () => {
    expect(startsCollapsed(section, { doctype: 'T', name: '1' })).toBe(true);
    expect(startsCollapsed(section, { doctype: 'T', name: '1', open: 1 })).toBe(false);
  });
});

describe('missing values', () => {
  const fields = [f('title', 'Data', { reqd: 1 }), f('amount', 'Currency', { reqd: 1 }), f('ok', 'Check', { reqd: 1 }), f('items', 'Table', { reqd: 1 })];
  const child = [f('sku', 'Link', { reqd: 1 }), f('qty', 'Float', { reqd: 1 })];

  it('are found in the document and in its rows; zero is a value', () => {
    const doc = { doctype: 'T', name: '1', title: '', amount: 0, ok: 0, items: [{ doctype: 'R', name: 'r', sku: 'S', qty: 0 }, { doctype: 'R', name: 'q', sku: '', qty: 1 }] };
    const missing = missingValues(fields, () => child, situation({ doc: doc as Doc }));
    expect(missing.map(({ field, rowNumber }) => `${field.fieldname}${rowNumber ?? ''}`)).toEqual(['title', 'sku2']);
  });

  it('include a table without rows', () => {
    expect(missingValues(fields, () => child, situation({ doc: { doctype: 'T', name: '1', title: 'x', amount: 1, items: [] } })).map(({ field }) => field.fieldname)).toEqual(['items']);
  });
});

describe('a DocType', () => {
  const meta = new Meta({ name: 'T', title_field: 'title', fields: [f('title', 'Data', { in_list_view: 1 }), f('text', 'Text Editor'), f('items', 'Table', { in_list_view: 1 }), f('status', 'Select', { in_standard_filter: 1 })] });

  it('answers what it has', () => {
    expect(meta.titleField).toBe('title');
    expect(new Meta({ name: 'X', title_field: 'gone', fields: [] }).titleField).toBe('name');
    expect(meta.listFields.map((field) => field.fieldname)).toEqual(['title']);
    expect(meta.standardFilters.map((field) => field.fieldname)).toEqual(['status']);
    expect(meta.statusField).toBe('status');
    expect(meta.field('creation')?.fieldtype).toBe('Datetime');
    expect(meta.has('creation')).toBe(false);
    expect(labelOf({ fieldname: 'due_date', fieldtype: 'Date' })).toBe('Due Date');
  });

  it('gives a form its own fields, so that a script of one form changes no other', () => {
    meta.fieldsForForm()[0]!.hidden = 1;
    expect(meta.fields[0]!.hidden).toBeUndefined();
  });
});

describe('rights', () => {
  const meta = new Meta({ name: 'T', fields: [], permissions: [{ role: 'Staff', read: 1, write: 1 }, { role: 'Staff', permlevel: 1, read: 1 }, { role: 'All', if_owner: 1, read: 1, delete: 1 }] });
  const staff = { name: 'zhang', roles: ['Staff'] };

  it('come from the roles by level', () => {
    const given = rightsOf(meta, staff, false);
    expect([can(given, 'write'), can(given, 'write', 1), can(given, 'read', 1), can(given, 'delete')]).toEqual([true, false, true, false]);
    expect(can(rightsOf(meta, { name: 'guest', roles: [] }, false), 'read')).toBe(false);
  });

  it('of owners count only for their own', () => {
    expect(can(documentRights(meta, staff, { doctype: 'T', name: '1', owner: 'zhang' }), 'delete')).toBe(true);
    expect(can(documentRights(meta, staff, { doctype: 'T', name: '1', owner: 'li' }), 'delete')).toBe(false);
  });

  it('are what the server says of this document, at level 0', () => {
    const given = documentRights(meta, staff, { doctype: 'T', name: '1' }, { permissions: { read: 1 } });
    expect([can(given, 'read'), can(given, 'write'), can(given, 'read', 1)]).toEqual([true, false, true]);
  });

  it('of the administrator are all', () => {
    expect(can(rightsOf(meta, { name: 'Administrator', roles: [] }), 'submit', 9)).toBe(true);
  });
});

describe('the store of DocTypes', () => {
  const data: DocTypeData[] = [{ name: 'Order', fields: [], __messages: { Hello: '你好' } }, { name: 'Order Item', fields: [] }];
  const store = (get: unknown): MetaStore => new MetaStore({ get } as unknown as ApiClient);

  it('asks once for two that want the same at the same time, and keeps the child tables', async () => {
    const get = vi.fn(() => Promise.resolve({ docs: data, user_settings: '{"a":1}' }));
    const metas = store(get);
    const [left, right] = await Promise.all([metas.load('Order'), metas.load('Order')]);
    expect(left).toBe(right);
    expect(get).toHaveBeenCalledOnce();
    expect(metas.peek('Order Item')?.name).toBe('Order Item');
    expect(metas.userSettings('Order')).toEqual({ a: 1 });
  });

  it('forgets a failure', async () => {
    const get = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue({ docs: data });
    const metas = store(get);
    await expect(metas.load('Order')).rejects.toThrow('offline');
    expect((await metas.load('Order')).name).toBe('Order');
  });
});
