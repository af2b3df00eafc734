/** What can be done with an open document, and the doing of it. Invariant: nothing irreversible happens without a question. */
import { copyDocument } from '@/core/document/defaults';
import type { Doc } from '@/core/document/types';
import { __ } from '@/core/i18n';
import { can } from '@/core/permissions';
import type { WorkflowStep } from '@/core/workflow';
import { promptText } from '../overlay/prompt';
import type { FormController } from './controller';

/** What the head of a form can ask for. */
export type FormAction = 'save' | 'submit' | 'update' | 'cancel' | 'amend' | 'delete' | 'duplicate' | 'rename' | 'reload' | 'copy' | 'panel' | 'print' | 'mail';

/** The same, or a step of the workflow. */
export type FormAct = FormAction | { step: WorkflowStep };

export interface Possible {
  save: boolean;
  submit: boolean;
  update: boolean;
  cancel: boolean;
  amend: boolean;
  remove: boolean;
  duplicate: boolean;
  rename: boolean;
  print: boolean;
  mail: boolean;
}

/** What this user can do with the document in its present state. */
export function possibleActions(form: FormController): Possible {
  const nothing: Possible = { save: false, submit: false, update: false, cancel: false, amend: false, remove: false, duplicate: false, rename: false, print: false, mail: false };
  const byState = [draftActions, submittedActions, cancelledActions][form.model.docstatus] ?? draftActions;
  return { ...nothing, ...byState(form), ...(form.model.isNew ? {} : keptActions(form)) };
}

const isWritable = ({ meta, ui, situation }: FormController): boolean => !situation.locked && !ui.saveDisabled && !meta.data.read_only;

function draftActions(form: FormController): Partial<Possible> {
  const { meta, model } = form;
  const rights = form.rights.value;
  const save = isWritable(form) && (can(rights, 'write') || (model.isNew && can(rights, 'create')));
  const isReady = meta.isSubmittable && !model.isNew && !form.isChanging && !form.flow;
  return { save, submit: isWritable(form) && isReady && can(rights, 'submit') };
}

function submittedActions(form: FormController): Partial<Possible> {
  const dirty = form.isChanging;
  const rights = form.rights.value;
  return { update: isWritable(form) && dirty && (can(rights, 'submit') || can(rights, 'write')), cancel: !dirty && can(rights, 'cancel') && !form.flow?.rules.cancels };
}

function cancelledActions(form: FormController): Partial<Possible> {
  return { amend: can(form.rights.value, 'amend') && form.meta.has('amended_from') };
}

/** What can be done with a document that the server has, whatever its state. */
function keptActions({ meta, model, rights: { value: rights } }: FormController): Partial<Possible> {
  return {
    remove: !meta.isSingle && model.docstatus !== 1 && can(rights, 'delete'),
    duplicate: !meta.isSingle && !meta.data.allow_copy && can(rights, 'create'),
    rename: Boolean(meta.data.allow_rename) && can(rights, 'write'),
    print: !meta.isSingle && can(rights, 'print'),
    mail: !meta.isSingle && can(rights, 'email'),
  };
}

/** Submits after a question. */
export async function submit(form: FormController): Promise<boolean> {
  const isSure = await form.desk.overlay.confirm({
    title: __('Submit {0}?', [form.doc.name]), message: __('It takes effect and can afterwards only be cancelled, not changed.'), action: __('Submit'), cancel: __('Back', null, 'Desk'),
  });
  return isSure && form.save('Submit');
}

/** Cancels after a question. */
export async function cancel(form: FormController): Promise<boolean> {
  const isSure = await form.desk.overlay.confirm({
    title: __('Cancel {0}?', [form.doc.name]), message: __('What it has caused is reversed. This cannot be undone.'), action: __('Cancel the document'), cancel: __('Back', null, 'Desk'), danger: true,
  });
  return isSure && form.save('Cancel');
}

/** Deletes after a question; whether it is gone. */
export async function remove(form: FormController): Promise<boolean> {
  const { desk, meta, doc } = form;
  const isSure = await desk.overlay.confirm({ title: __('Delete {0}?', [doc.name]), message: __('This cannot be undone.'), action: __('Delete'), cancel: __('Back', null, 'Desk'), danger: true });
  if (!isSure) return false;
  form.ui.busy = 'Delete';
  try {
    await desk.api.post('frappe.client.delete', { doctype: meta.name, name: doc.name });
    desk.overlay.toast(__('{0} deleted', [doc.name]));
    return true;
  } catch (error) {
    form.showError(error);
    return false;
  } finally {
    form.ui.busy = '';
  }
}

/** Asks for a new name and renames; the new name, or `null`. */
export async function rename(form: FormController): Promise<string | null> {
  const { desk, meta, doc } = form;
  const name = await promptText(desk, { title: __('Rename {0}', [doc.name]), label: __('New name'), value: doc.name, action: __('Rename'), required: true });
  if (!name || name === doc.name) return null;
  try {
    const answer = await desk.api.post<string>('frappe.client.rename_doc', { doctype: meta.name, old_name: doc.name, new_name: name, merge: 0 });
    return String(answer.message ?? name);
  } catch (error) {
    form.showError(error);
    return null;
  }
}

/** An unsaved copy: to make another one, or to correct a cancelled one. */
export function copyOf(form: FormController, amend: boolean): Doc {
  return copyDocument(form.meta, form.doc, form.defaultSources(), { childMeta: (table) => form.childMeta(table), amend });
}
