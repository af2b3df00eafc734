/**
 * Values for a new document that travel in the address (`/app/sku/new?sku_name=…`), or, when a script hands over a whole
 * document, through memory. Invariant: what was taken is taken once.
 */
import type { Doc, DocInfo } from '@/core/document/types';
import { clone } from '@/core/json';

const documents = new Map<string, Doc>();
let saved: { doc: Doc; info: DocInfo } | null = null;

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

/** Leaves a document that has just been saved, so that its page needn't fetch it again. */
export function leaveSaved(doc: Doc, info: DocInfo): void {
  saved = { doc: clone(doc), info };
}

/** Takes the document that was just saved, if it is this one. */
export function takeSaved(doctype: string, name: string): { doc: Doc; info: DocInfo } | null {
  const taken = saved;
  saved = null;
  return taken?.doc.doctype === doctype && taken.doc.name === name ? taken : null;
}
