/** Opens the dialog of a mail about a form's document. */
import { defineAsyncComponent } from 'vue';
import { newMail, type MailDraft } from '@/core/mail';
import type { DocInfo } from '@/core/document/types';
import type { FormController } from '../form/controller';

const MailDialog = defineAsyncComponent(() => import('./MailDialog.vue'));

/** Writes a mail; what was sent then stands in the form's timeline. */
export function writeMail(form: FormController, draft: MailDraft = newMail(form.doc, form.meta)): void {
  form.desk.overlay.open(MailDialog, { form, draft, onSent: () => void refreshTimeline(form) });
}

async function refreshTimeline(form: FormController): Promise<void> {
  try {
    const answer = await form.desk.api.get('frappe.desk.form.load.get_docinfo', { doctype: form.meta.name, name: form.doc.name });
    if (answer.docinfo) form.info.value = answer.docinfo as DocInfo;
  } catch (error) {
    form.desk.overlay.error(error);
  }
}
