/** The history of a document as a list of events, newest first. Invariant: pure; nothing of the server's records is dropped silently. */
import { parseJson } from '../json';
import { __ } from '../i18n';
import { behaviourOf } from '../fields/registry';
import type { FormatContext } from '../format/context';
import { labelOf, type Meta } from '../meta/meta';
import { stripHtml } from '../text';
import type { Doc, DocInfo, TimelineEntry } from './types';

export interface TimelineEvent {
  key: string;
  kind: 'created' | 'comment' | 'change' | 'mail' | 'note';
  user: string;
  at: string;
  /** Plain text or HTML that must be sanitised when shown. */
  text: string;
  changes: { label: string; from: string; to: string }[];
  /** What a mail is beside its text. */
  mail?: { subject: string; to: string; state: string; isReceived: boolean; entry: TimelineEntry };
}

type Row = [string, unknown, unknown];

interface VersionData { changed?: Row[]; added?: [string, unknown][]; removed?: [string, unknown][]; row_changed?: [string, number, string, Row[]][]; comment?: string }

/** What turns stored values into words: the formats of the reader, and the DocTypes of the tables. */
export interface TimelineWords { format: FormatContext; childMeta(table: string): Meta | undefined }

/** All events of a document. */
export function timeline(doc: Doc, info: DocInfo, meta: Meta, words?: TimelineWords): TimelineEvent[] {
  const events = [
    ...(info.comments ?? []).map(comment),
    ...[...(info.communications ?? []), ...automated(info)].map(mail),
    ...(info.versions ?? []).map((entry) => change(entry, meta, words)),
    ...(doc.creation ? [created(doc)] : []),
  ];
  return events.sort((left, right) => right.at.localeCompare(left.at));
}

/** Mails that the site wrote by itself. */
function automated(info: DocInfo): TimelineEntry[] {
  return Array.isArray(info.automated_messages) ? (info.automated_messages as TimelineEntry[]) : [];
}

function created(doc: Doc): TimelineEvent {
  return { key: 'created', kind: 'created', user: doc.owner ?? '', at: doc.creation ?? '', text: '', changes: [] };
}

function comment(entry: TimelineEntry): TimelineEvent {
  const kind = (entry.comment_type ?? 'Comment') === 'Comment' ? 'comment' : 'note';
  return { key: entry.name, kind, user: String(entry.comment_email ?? entry.owner ?? ''), at: entry.creation, text: entry.content ?? '', changes: [] };
}

function mail(entry: TimelineEntry): TimelineEvent {
  return { key: entry.name, kind: 'mail', user: String(entry.sender ?? entry.owner ?? ''), at: String(entry.communication_date ?? entry.creation), text: entry.content ?? '', changes: [], mail: { subject: String(entry.subject ?? ''), to: String(entry.recipients ?? ''), state: String(entry.delivery_status ?? ''), isReceived: entry.sent_or_received === 'Received', entry } };
}

function change(entry: TimelineEntry, meta: Meta, words?: TimelineWords): TimelineEvent {
  const data = parseJson<VersionData>(entry.data, {});
  const label = (fieldname: string): string => labelIn(meta, fieldname);
  const fields = (data.changed ?? []).map(([fieldname, from, to]) => ({ label: label(fieldname), from: inWords(meta, fieldname, from, words), to: inWords(meta, fieldname, to, words) }));
  const rows = (data.row_changed ?? []).flatMap(([table, index, , changed]) => {
    const child = words?.childMeta(table);
    return changed.map(([fieldname, from, to]) => ({
      label: __('{0}, row {1}: {2}', [label(table), index + 1, child ? labelIn(child, fieldname) : fieldname]),
      from: child ? inWords(child, fieldname, from, words) : brief(from), to: child ? inWords(child, fieldname, to, words) : brief(to),
    }));
  });
  const counts = [counted(data.added, label, __('rows added')), counted(data.removed, label, __('rows removed'))].filter(Boolean);
  return { key: entry.name, kind: 'change', user: entry.owner, at: entry.creation, text: [data.comment, ...counts].filter(Boolean).join('; '), changes: [...fields, ...rows] };
}

function labelIn(meta: Meta, fieldname: string): string {
  const field = meta.field(fieldname);
  return field ? __(labelOf(field), null, meta.name) : fieldname;
}

const FORMATTED = new Set(['Date', 'Datetime', 'Time', 'Currency', 'Float', 'Int', 'Percent', 'Duration']);

function counted(rows: [string, unknown][] | undefined, label: (fieldname: string) => string, what: string): string {
  const tables = [...new Set((rows ?? []).map(([table]) => table))];
  return tables.map((table) => `${label(table)}: ${rows!.filter(([name]) => name === table).length} ${what}`).join('; ');
}

/** A value as people know it: states and choices in their language, dates and numbers in their formats. */
function inWords(meta: Meta, fieldname: string, value: unknown, words?: TimelineWords): string {
  if (fieldname === 'docstatus') return [__('Draft'), __('Submitted'), __('Cancelled')][Number(value)] ?? brief(value);
  const field = meta.field(fieldname);
  const type = field?.fieldtype;
  if (type === 'Check') return Number(value) ? __('Yes') : __('No');
  if (field && words && FORMATTED.has(field.fieldtype) && value !== null && value !== '') return behaviourOf(field).format(value, field, words.format);
  return type === 'Select' && typeof value === 'string' && value ? __(value, null, meta.name) : brief(value);
}

function brief(value: unknown): string {
  const text = stripHtml(value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
