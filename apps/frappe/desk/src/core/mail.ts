/** What a new mail about a document begins with. Invariant: pure; addresses are only told apart, the server checks and sends. */
import type { Doc, TimelineEntry } from './document/types';
import { __ } from './i18n';
import type { Meta } from './meta/meta';
import { stripHtml } from './text';

export interface MailDraft { recipients: string[]; cc: string[]; bcc: string[]; subject: string; content: string }

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/;

/** The address alone, of `Name <a@b.c>` too; `null` when there is none. */
export function addressOf(text: string): string | null {
  const bare = /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text;
  return ADDRESS.test(bare.trim()) ? bare.trim() : null;
}

/** Addresses in a text with commas, semicolons or lines between them. */
export function addressesIn(text: unknown): string[] {
  const found = String(text ?? '').split(/[,;\n]+/).map(addressOf).filter((address) => address !== null);
  return [...new Set(found)];
}

/** A mail to the addresses that the document names. */
export function newMail(doc: Doc, meta: Meta): MailDraft {
  const fields = meta.fields.filter((field) => field.fieldtype === 'Data' && (field.options === 'Email' || /(^|_)email(_id)?$/.test(field.fieldname)));
  const recipients = [...new Set(fields.flatMap((field) => addressesIn(doc[field.fieldname])))].slice(0, 1);
  const title = meta.titleField === 'name' ? '' : stripHtml(String(doc[meta.titleField] ?? ''));
  const what = `${__(meta.name)} ${doc.name}`;
  return { recipients, cc: [], bcc: [], subject: title && title !== doc.name ? `${title} (${what})` : what, content: '' };
}

/** An answer to a mail: back to who wrote it, or again to those it went to. */
export function replyTo(mail: TimelineEntry, own: string): MailDraft {
  const sender = addressesIn(mail.sender);
  const isReceived = mail.sent_or_received === 'Received' || !sender.includes(own);
  const subject = String(mail.subject ?? '');
  const quoted = String(mail.content ?? '');
  return {
    recipients: isReceived ? sender : addressesIn(mail.recipients),
    cc: addressesIn(mail.cc).filter((address) => address !== own), bcc: [],
    subject: /^(re|回复)[:：]/i.test(subject) ? subject : `Re: ${subject}`,
    content: quoted ? `<p></p><blockquote>${quoted}</blockquote>` : '',
  };
}
