/**
 * Creates a document from inside another one: a small dialog with what is required, or the whole form in a new tab.
 * Invariant: the form that the person came from keeps everything typed.
 */
import { newDocument } from '@/core/document/defaults';
import { __ } from '@/core/i18n';
import { isLayout, isTable } from '@/core/fields/registry';
import type { Meta } from '@/core/meta/meta';
import type { DocField } from '@/core/meta/types';
import type { DeskServices } from '../services';
import { FormController } from './controller';
import FieldsDialog from './FieldsDialog.vue';

/** The fields asked for in a quick entry: required ones and those marked for it. */
export function quickEntryFields(meta: Meta): DocField[] {
  const fields = meta.fields.filter((field) => !isLayout(field) && !field.hidden && !field.read_only && (field.reqd || field.allow_in_quick_entry || field.bold));
  if (meta.isNamedByUser) return [{ fieldname: '__newname', fieldtype: 'Data', label: __('Name'), reqd: 1 }, ...fields];
  return fields;
}

/** Whether a quick entry can make a whole document: wanted by the DocType, and no rows are required. */
export function allowsQuickEntry(meta: Meta): boolean {
  return Boolean(meta.data.quick_entry) && !meta.fields.some((field) => isTable(field) && field.reqd && !field.hidden);
}

/** Where the text typed so far goes: the title, or the field that names the document. */
function textTarget(meta: Meta): string | null {
  const naming = /^field:(\w+)/.exec(String(meta.data.autoname ?? ''))?.[1];
  if (naming && meta.has(naming)) return naming;
  if (meta.titleField !== 'name') return meta.titleField;
  return meta.isNamedByUser ? '__newname' : null;
}

/** Lets the person create a document; its name, or `null` when none was made here. */
export async function createLinked(desk: DeskServices, doctype: string, text: string): Promise<string | null> {
  const meta = await desk.metas.load(doctype);
  const target = textTarget(meta);
  const values = text && target ? { [target]: text } : {};
  if (!allowsQuickEntry(meta)) {
    desk.go({ kind: 'new', doctype }, { values, newTab: true });
    return null;
  }
  return quickEntry(desk, meta, values);
}

/** The dialog of a quick entry. */
export function quickEntry(desk: DeskServices, meta: Meta, values: Record<string, unknown>): Promise<string | null> {
  const sources = { user: desk.actor.name, userDefaults: desk.boot.user.defaults, now: desk.format.now() };
  const doc = { ...newDocument(meta, sources, values), ...('__newname' in values ? { __newname: String(values.__newname) } : {}) };
  const form = new FormController({ desk, meta, doc });
  const wanted = quickEntryFields(meta);
  form.fields.splice(0, form.fields.length, ...wanted.map((field) => ({ ...field })));
  return new Promise((resolve) => {
    let name: string | null = null;
    const close = desk.overlay.open(FieldsDialog, {
      title: __('New {0}', [__(meta.name)]),
      form,
      action: __('Save'),
      secondary: { label: __('Open the whole form'), run: () => { close(); desk.go({ kind: 'new', doctype: meta.name }, { values: { ...form.doc }, newTab: true }); } },
      submit: async () => {
        const isSaved = await form.save('Save');
        if (isSaved) {
          name = form.doc.name;
          desk.titles.learnOne(meta.name, name, meta.titleField === 'name' ? null : String(form.doc[meta.titleField] ?? ''));
          desk.overlay.toast(__('{0} created', [name]));
        }
        return isSaved;
      },
      onClose: () => resolve(name),
    });
  });
}
