/** `frappe.model`, `frappe.meta`, `frappe.perm`: documents and DocTypes as scripts reach them. */
import { newDocument } from '@/core/document/defaults';
import type { Doc } from '@/core/document/types';
import { hasValue, isNumeric } from '@/core/fields/registry';
import { round, toNumber } from '@/core/format/number';
import { precisionOf } from '@/core/fields/numeric';
import { __ } from '@/core/i18n';
import { labelOf } from '@/core/meta/meta';
import type { DocField } from '@/core/meta/types';
import { can, rightsOf, type Right } from '@/core/permissions';
import { scrub, unscrub } from '@/core/text';
import type { DeskServices } from '@/ui/services';
import { leaveDocument } from '../handover';
import type { Frm } from './form';
import type { LocalDocs } from './locals';
import { callServer, type ServerParts } from './server';
import type { Bag, Callback } from './types';

const NO_VALUE = ['Section Break', 'Column Break', 'Tab Break', 'HTML', 'Table', 'Table MultiSelect', 'Button', 'Image', 'Fold', 'Heading'];
const TABLES = ['Table', 'Table MultiSelect'];

export interface ModelParts extends ServerParts { desk: DeskServices; docs: LocalDocs; openForm(): Frm | null }

/** A new, unsaved document that scripts can fill before it is opened. */
function makeNew({ desk, docs }: ModelParts, doctype: string, parent?: Doc, parentfield?: string): Doc {
  const meta = desk.metas.peek(doctype);
  if (!meta) throw new Error(`${doctype} must be loaded first (frappe.model.with_doctype)`);
  const sources = { user: desk.actor.name, userDefaults: desk.boot.user.defaults, now: desk.format.now() };
  const doc = newDocument(meta, sources);
  if (parent && parentfield) {
    Object.assign(doc, { parent: parent.name, parenttype: parent.doctype, parentfield });
    const rows = ((parent[parentfield] ??= []) as Doc[]);
    doc.idx = rows.length + 1;
    rows.push(doc);
  }
  return docs.keep(doc);
}

function makeChild(parts: ModelParts, doc: Doc, doctype: string, parentfield: string): Doc {
  const form = parts.openForm();
  if (form && doc === form.doc) return form.add_child(parentfield);
  return makeNew(parts, doctype, doc, parentfield);
}

/** Sets a field of any document that scripts can reach; the open form's follow with everything that depends on them. */
async function setValue(parts: ModelParts, doctype: string, name: string | Doc, fieldname: string | Bag, value?: unknown): Promise<void> {
  const doc = typeof name === 'string' ? parts.docs.get(doctype, name) : name;
  if (!doc) return;
  const values = typeof fieldname === 'string' ? { [fieldname]: value } : fieldname;
  const form = parts.openForm();
  for (const [key, item] of Object.entries(values)) {
    if (form?.owns(doc)) await form.setIn(doc, key, item);
    else doc[key] = item;
  }
}

async function openMapped(parts: ModelParts, options: Bag): Promise<void> {
  const form = (options.frm as Frm | undefined) ?? parts.openForm();
  const selected = form?.selectedChildren() ?? {};
  const answer = await callServer(parts, {
    method: 'frappe.model.mapper.make_mapped_doc',
    args: { method: options.method, source_name: options.source_name ?? form?.doc.name, args: options.args, selected_children: Object.keys(selected).length ? selected : undefined },
    freeze: true, freeze_message: String(options.freeze_message ?? ''),
  });
  openUnsaved(parts, answer.message as Doc);
}

/** Opens an unsaved document in a new form. */
export function openUnsaved({ desk }: Pick<ModelParts, 'desk'>, doc: Doc): void {
  leaveDocument({ ...doc, __islocal: 1 });
  desk.go({ kind: 'new', doctype: doc.doctype }, { values: { _copy: Date.now() } });
}

/** `frappe.model`. */
export function modelNamespace(parts: ModelParts): Bag {
  const { desk, docs } = parts;
  const get = (doctype: string, name: string): Doc | undefined => docs.get(doctype, name);
  const canDo = (list: 'can_create' | 'can_read' | 'can_write' | 'can_delete' | 'can_cancel' | 'can_submit' | 'can_import' | 'can_export') => (doctype: string) => desk.boot.user[list].includes(doctype);
  return {
    ...valueParts(parts), ...listParts(),
    get_new_doc: (doctype: string, parent?: Doc, parentfield?: string) => makeNew(parts, doctype, parent, parentfield),
    make_new_doc_and_get_name: (doctype: string) => makeNew(parts, doctype).name,
    add_child: (doc: Doc, doctype: string, parentfield: string) => makeChild(parts, doc, doctype, parentfield),
    clear_table: (doc: Doc, table: string) => { const form = parts.openForm(); if (form && doc === form.doc) form.clear_table(table); else doc[table] = []; },
    clear_doc: (doctype: string, name: string) => { const form = parts.openForm(); const row = get(doctype, name); if (form && row?.parentfield) form.controller.model.removeRows(row.parentfield, [name]); else docs.drop(doctype, name); },
    remove_from_locals: (doctype: string, name: string) => docs.drop(doctype, name),
    get_doc: get,
    get_list: (doctype: string, filters: Bag = {}) => Object.values(docs.all(doctype)).filter((doc) => Object.entries(filters).every(([key, value]) => doc[key] === value)),
    get_children: (doc: Doc, table: string, filters: Bag = {}) => ((doc[table] ?? []) as Doc[]).filter((row) => Object.entries(filters).every(([key, value]) => row[key] === value)),
    with_doctype: async (doctype: string, callback?: Callback) => { await desk.metas.load(doctype); callback?.(); },
    with_doc: async (doctype: string, name: string, callback?: Callback) => {
      await desk.metas.load(doctype);
      const known = get(doctype, name);
      const answer = known ? null : await desk.api.get('frappe.desk.form.load.getdoc', { doctype, name });
      for (const doc of (answer?.docs ?? []) as Doc[]) docs.keep(doc);
      callback?.(name, answer ?? {});
      return get(doctype, name);
    },
    sync: (given: unknown) => parts.take(asDocs(given)),
    open_mapped_doc: (options: Bag) => openMapped(parts, options),
    delete_doc: async (doctype: string, name: string, callback?: Callback) => { await callServer(parts, { method: 'frappe.client.delete', args: { doctype, name } }); callback?.(); },
    can_create: canDo('can_create'), can_read: canDo('can_read'), can_write: canDo('can_write'), can_delete: canDo('can_delete'),
    can_cancel: canDo('can_cancel'), can_submit: canDo('can_submit'), can_import: canDo('can_import'), can_export: canDo('can_export'),
    is_submittable: (doctype: string) => Boolean(desk.metas.peek(doctype)?.isSubmittable), is_tree: (doctype: string) => Boolean(desk.metas.peek(doctype)?.isTree),
    is_single: (doctype: string) => Boolean(desk.metas.peek(doctype)?.isSingle), is_table: (doctype: string) => Boolean(desk.metas.peek(doctype)?.isTable),
    on: (doctype: string, fieldname: string, handler: Callback) => parts.openForm()?.onChange(doctype, fieldname, handler),
    trigger: (fieldname: string, _value: unknown, doc: Doc) => parts.openForm()?.run(fieldname, doc.doctype, doc.name),
    validate_missing: (doc: Doc, fieldname: string) => {
      if (doc[fieldname]) return;
      const field = desk.metas.peek(doc.doctype)?.field(fieldname);
      void desk.overlay.message({ message: __('Please specify {0} first', [__(field ? labelOf(field) : fieldname)]), tone: 'orange' });
      throw new Error(`${fieldname} is missing`);
    },
    set_default_values: (doc: Doc) => { const meta = desk.metas.peek(doc.doctype); if (meta) Object.entries(newDocument(meta, { user: desk.actor.name, userDefaults: desk.boot.user.defaults, now: desk.format.now() })).forEach(([key, value]) => (doc[key] ??= value)); },
  };
}

function asDocs(given: unknown): Doc[] {
  const bag = given as { docs?: Doc[]; doctype?: string; message?: Doc };
  if (Array.isArray(given)) return given as Doc[];
  if (Array.isArray(bag?.docs)) return bag.docs;
  return bag?.doctype ? [bag as Doc] : [];
}

function valueParts(parts: ModelParts): Bag {
  const fieldsOf = (doctype: string): readonly DocField[] => parts.desk.metas.peek(doctype)?.fields ?? [];
  return {
    set_value: (doctype: string, name: string, fieldname: string | Bag, value?: unknown) => setValue(parts, doctype, name, fieldname, value),
    get_value: (doctype: string, filters: unknown, fieldname: string, callback?: Callback) => {
      const known = typeof filters === 'string' ? parts.docs.get(doctype, filters) : undefined;
      if (!callback) return known?.[fieldname];
      return callServer(parts, { method: 'frappe.client.get_value', args: { doctype, filters, fieldname }, type: 'GET' }).then((answer) => callback(answer.message));
    },
    round_floats_in: (doc: Doc, fieldnames?: string[]) => {
      const wanted = fieldsOf(doc.doctype).filter((field) => isNumeric(field) && field.fieldtype !== 'Int' && field.fieldtype !== 'Check' && (!fieldnames || fieldnames.includes(field.fieldname)));
      for (const field of wanted) doc[field.fieldname] = round(toNumber(doc[field.fieldname]), precisionOf(field, parts.desk.format), parts.desk.format.rounding);
    },
  };
}

function listParts(): Bag {
  return {
    no_value_type: NO_VALUE, table_fields: TABLES, layout_fields: ['Section Break', 'Column Break', 'Tab Break', 'Fold'],
    std_fields_list: ['name', 'owner', 'creation', 'modified', 'modified_by', '_user_tags', '_comments', '_assign', '_liked_by', 'docstatus', 'parent', 'parenttype', 'parentfield', 'idx'],
    is_value_type: (field: DocField | string) => !NO_VALUE.includes(typeof field === 'string' ? field : field.fieldtype),
    is_table_field: (field: DocField) => TABLES.includes(field.fieldtype),
    scrub, unscrub,
    has_value: (doc: Doc, fieldname: string) => doc[fieldname] !== undefined && doc[fieldname] !== null && doc[fieldname] !== '',
  };
}

/** `frappe.meta`. */
export function metaNamespace(parts: ModelParts): Bag {
  const { desk } = parts;
  const fields = (doctype: string): readonly DocField[] => parts.openForm()?.fieldsOf(doctype) ?? desk.metas.peek(doctype)?.fields ?? [];
  const find = (doctype: string, fieldname: string): DocField | undefined => fields(doctype).find((field) => field.fieldname === fieldname) ?? desk.metas.peek(doctype)?.field(fieldname);
  return {
    get_docfield: find, get_field: find,
    get_docfields: (doctype: string, _name?: string, filters: Bag = {}) => fields(doctype).filter((field) => Object.entries(filters).every(([key, value]) => field[key] === value)),
    has_field: (doctype: string, fieldname: string) => Boolean(desk.metas.peek(doctype)?.has(fieldname)),
    get_label: (doctype: string, fieldname: string) => { const field = find(doctype, fieldname); return field ? labelOf(field) : fieldname; },
    get_fieldnames: (doctype: string) => fields(doctype).filter(hasValue).map((field) => field.fieldname),
    get_parentfield: (parent: string, child: string) => desk.metas.peek(parent)?.tables.find((table) => table.options === child)?.fieldname,
    get_table_fields: (doctype: string) => desk.metas.peek(doctype)?.tables ?? [],
    get_field_precision: (field: DocField) => precisionOf(field, desk.format),
    get_field_currency: (_field: DocField, doc?: Doc) => doc?.currency ?? desk.format.currency,
    get docfield_map() {
      return new Proxy({}, { get: (_target, doctype) => Object.fromEntries(fields(String(doctype)).map((field) => [field.fieldname, field])) });
    },
  };
}

/** `frappe.perm`. */
export function permissionNamespace({ desk }: ModelParts): Bag {
  const rights = (doctype: string): ReturnType<typeof rightsOf> => { const meta = desk.metas.peek(doctype); return meta ? rightsOf(meta, desk.actor) : {}; };
  return {
    has_perm: (doctype: string, level = 0, right: Right = 'read') => can(rights(doctype), right, level),
    get_perm: (doctype: string) => Array.from({ length: 10 }, (_, level) => Object.fromEntries([...(rights(doctype)[level] ?? [])].map((right) => [right, 1]))),
  };
}
