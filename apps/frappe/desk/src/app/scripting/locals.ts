/**
 * `locals[doctype][name]`: every document that scripts can reach: the open form's, its rows', and those fetched or made.
 * Invariant: for the open form these are the live documents, not copies.
 */
import type { DocModel } from '@/core/document/model';
import type { Doc } from '@/core/document/types';

export class LocalDocs {
  private readonly kept = new Map<string, Map<string, Doc>>();
  private model: DocModel | null = null;

  /** The model of the form that is open. */
  setOpen(model: DocModel | null): void {
    this.model = model;
  }

  /** A document by type and name. */
  get(doctype: string, name: string): Doc | undefined {
    return this.open(doctype).find((doc) => doc.name === name) ?? this.kept.get(doctype)?.get(name);
  }

  /** Keeps a document that was fetched or made, and its rows. */
  keep(doc: Doc): Doc {
    const live = this.open(doc.doctype).find((item) => item.name === doc.name);
    if (live) return live;
    const byName = this.kept.get(doc.doctype) ?? new Map<string, Doc>();
    this.kept.set(doc.doctype, byName);
    byName.set(doc.name, doc);
    for (const rows of Object.values(doc)) {
      if (Array.isArray(rows)) rows.forEach((row: unknown) => isDoc(row) && this.keep(row));
    }
    return doc;
  }

  /** Forgets a document. */
  drop(doctype: string, name: string): void {
    this.kept.get(doctype)?.delete(name);
  }

  /** All documents of a type by name. */
  all(doctype: string): Record<string, Doc> {
    const kept = [...(this.kept.get(doctype)?.values() ?? [])];
    return Object.fromEntries([...kept, ...this.open(doctype)].map((doc) => [doc.name, doc]));
  }

  private open(doctype: string): Doc[] {
    if (!this.model) return [];
    if (this.model.meta.name === doctype) return [this.model.doc];
    const tables = this.model.meta.tables.filter((table) => table.options === doctype);
    return tables.flatMap((table) => this.model!.rows(table.fieldname));
  }

  /** The object that scripts know as `locals`. */
  asObject(): Record<string, Record<string, Doc>> {
    const byName = (doctype: string): Record<string, Doc> => new Proxy({}, {
      get: (_target, name) => (typeof name === 'string' ? this.get(doctype, name) : undefined),
      set: (_target, name, doc: Doc) => Boolean(this.keep({ ...doc, doctype, name: String(name) })),
      has: (_target, name) => this.get(doctype, String(name)) !== undefined,
      ownKeys: () => Object.keys(this.all(doctype)),
      getOwnPropertyDescriptor: (_target, name) => ({ configurable: true, enumerable: true, value: this.get(doctype, String(name)) }),
      deleteProperty: (_target, name) => { this.drop(doctype, String(name)); return true; },
    });
    return new Proxy({}, { get: (_target, doctype) => (typeof doctype === 'string' ? byName(doctype) : undefined) });
  }
}

function isDoc(value: unknown): value is Doc {
  return value !== null && typeof value === 'object' && 'doctype' in value && 'name' in value;
}
