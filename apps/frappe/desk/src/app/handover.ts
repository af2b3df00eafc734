/**
 * Values for a new document that travel in the address (`/app/sku/new?sku_name=…`), or, when a script hands over a whole
 * document, through memory. Invariant: what was taken is taken once.
 */
import type { Doc } from '@/core/document/types';

const documents = new Map<string, Doc>();

/** Plain values as query parameters; rows and objects don't travel. */
export function carryValues(values: Readonly<Record<string, unknown>>): URLSearchParams {
  const plain = Object.entries(values).filter(([key, value]) => !key.startsWith('__') && value !== '' && value !== null && value !== undefined && typeof value !== 'object');
  return new URLSearchParams(plain.map(([key, value]) => [key, String(value)]));
}

/** Leaves a whole unsaved document for the next new form of its DocType. */
export function leaveDocument(doc: Doc): void {
  documents.set(doc.doctype, doc);
}

/** Takes the document that was left, if any. */
export function takeDocument(doctype: string): Doc | null {
  const doc = documents.get(doctype) ?? null;
  documents.delete(doctype);
  return doc;
}
