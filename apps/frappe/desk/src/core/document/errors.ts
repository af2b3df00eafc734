/**
 * Which field a server's message is about, so that it is shown there.
 * Invariant: every message is either placed at a field or kept for the banner; none is lost.
 */
import type { ServerMessage } from '../api/envelope';
import { __ } from '../i18n';
import { labelOf, type Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { stripHtml } from '../text';

export interface PlacedError { message: string; fieldname: string; table?: string; row?: number }

export interface Placement { placed: PlacedError[]; general: ServerMessage[] }

const ROW = /(?:Row|行|第)\s*#?\s*(\d+)\s*(?:行)?/i;

/** Places messages: by the field they carry, else by the one label (or row and label) they name. */
export function placeErrors(messages: readonly ServerMessage[], meta: Meta, childMeta: (table: DocField) => Meta | undefined): Placement {
  const placed: PlacedError[] = [];
  const general: ServerMessage[] = [];
  for (const message of messages) {
    const found = declaredPlace(message) ?? namedPlace(message, meta, childMeta);
    if (found) placed.push(found);
    general.push(message);
  }
  return { placed, general };
}

function declaredPlace({ message, fieldname, parentfield, row }: ServerMessage): PlacedError | null {
  if (!fieldname) return null;
  const text = stripHtml(message);
  return parentfield ? { message: text, fieldname, table: parentfield, row: row ?? 1 } : { message: text, fieldname };
}

function namedPlace({ message }: ServerMessage, meta: Meta, childMeta: (table: DocField) => Meta | undefined): PlacedError | null {
  const text = stripHtml(message);
  const row = Number(ROW.exec(text)?.[1] ?? 0);
  if (!row) {
    const field = fieldNamed(text, meta.fields);
    return field ? { message: text, fieldname: field.fieldname } : null;
  }
  for (const table of meta.tables) {
    const field = fieldNamed(text, childMeta(table)?.fields ?? []);
    if (field) return { message: text, fieldname: field.fieldname, table: table.fieldname, row };
  }
  return null;
}

/** The field with the longest label that occurs as whole words; labels of one letter say nothing. */
function fieldNamed(text: string, fields: readonly DocField[]): DocField | null {
  const named = fields.filter((field) => field.label && behavesAsInput(field) && occurs(text, field));
  return named.sort((left, right) => labelOf(right).length - labelOf(left).length)[0] ?? null;
}

function behavesAsInput(field: DocField): boolean {
  return !/Break$|^(HTML|Heading|Button|Image)$/.test(field.fieldtype);
}

function occurs(text: string, field: DocField): boolean {
  return [labelOf(field), __(labelOf(field))].some((label) => {
    if (label.length < 2) return false;
    const at = text.indexOf(label);
    const isLatin = /^[\w ]+$/.test(label);
    return at >= 0 && (!isLatin || !/\w/.test((text[at - 1] ?? ' ') + (text[at + label.length] ?? ' ')));
  });
}
