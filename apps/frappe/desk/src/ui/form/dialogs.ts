/** Dialogs made of fields. Invariant: the promise settles when the dialog closes; `null` means it was given up. */
import { Meta } from '@/core/meta/meta';
import type { Doc } from '@/core/document/types';
import { defaultValues } from '@/core/document/defaults';
import type { DocField } from '@/core/meta/types';
import type { Right, Rights } from '@/core/permissions';
import { hasValue } from '@/core/fields/registry';
import type { DeskServices } from '../services';
import { FormController, type FormExtension, type LinkQuery } from './controller';
import FieldsDialog from './FieldsDialog.vue';

/** Everything is allowed in a dialog: what comes of it is checked where it is used. */
export const FREE_RIGHTS: Rights = Object.fromEntries(
  Array.from({ length: 10 }, (_, level) => [level, new Set<Right>(['read', 'write', 'create'])]),
);

/** Fields as a script gives them, completed: a field without a name gets one. */
export function completeFields(fields: readonly Partial<DocField>[]): DocField[] {
  return fields.map((field, index) => ({
    ...field, fieldtype: field.fieldtype ?? 'Data', fieldname: field.fieldname || (field.label ? field.label.toLowerCase().replace(/[^\w]+/g, '_') : `field_${index}`),
  }));
}

/** A form over free fields, without a DocType behind it. */
export function fieldsForm(desk: DeskServices, fields: readonly Partial<DocField>[], values: Readonly<Record<string, unknown>> = {}): FormController {
  const meta = new Meta({ name: 'Dialog', fields: completeFields(fields) });
  const sources = { user: desk.actor.name, userDefaults: {}, now: desk.format.now() };
  const doc: Doc = { ...defaultValues(meta.fields, sources), ...values, doctype: 'Dialog', name: 'dialog', __islocal: 1 };
  return new FormController({ desk, meta, doc, rights: FREE_RIGHTS });
}

/** What narrows a link field: `given` as scripts give it (a method, filters, or both), or a function of the document that gives it. */
export function linkQueryOf(given: unknown, doc: unknown): LinkQuery | null {
  const query: unknown = typeof given === 'function' ? (given as (doc: unknown) => unknown)(doc) : given;
  if (query === null || typeof query !== 'object') return typeof query === 'string' ? { query } : null;
  return 'filters' in query || 'query' in query ? (query as LinkQuery) : { filters: query };
}

/** Lets the fields of a question narrow their links, as `get_query` or `filters` say. */
function extensionOf(form: FormController): FormExtension {
  return {
    beforeSave: () => Promise.resolve(true), afterSave: () => Promise.resolve(), press: () => Promise.resolve(false), afterChange: () => Promise.resolve(),
    linkQuery: (field, row) => linkQueryOf(field.get_query ?? field.filters, row ?? form.doc),
  };
}

/** The values of a form's fields. */
export function valuesOf(form: FormController): Record<string, unknown> {
  return Object.fromEntries(form.fields.filter(hasValue).map((field) => [field.fieldname, form.doc[field.fieldname]]));
}

export interface AskOptions {
  title: string;
  fields: readonly Partial<DocField>[];
  values?: Readonly<Record<string, unknown>>;
  action?: string;
  message?: string;
  size?: 'small' | 'normal' | 'large' | 'huge';
  /** Takes the values while the dialog is open; where it fails, the dialog stays with what was typed. */
  accept?: (values: Record<string, unknown>) => unknown;
}

/** Asks for values. A failing `accept` has told why itself; the dialog only stays open. */
export function askValues(desk: DeskServices, { fields, values, accept, ...shown }: AskOptions): Promise<Record<string, unknown> | null> {
  return new Promise((resolve) => {
    const form = fieldsForm(desk, fields, values);
    form.extension = extensionOf(form);
    let answer: Record<string, unknown> | null = null;
    desk.overlay.open(FieldsDialog, {
      ...shown, form,
      submit: async () => {
        const given = valuesOf(form);
        if (accept && !(await isAccepted(() => accept(given)))) return false;
        answer = given;
        return true;
      },
      onClose: () => resolve(answer),
    });
  });
}

async function isAccepted(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    console.warn('What a dialog gave was refused', error);
    return false;
  }
}
