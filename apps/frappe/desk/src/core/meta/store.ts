/**
 * DocTypes by name, fetched once. Invariant: two callers that ask for the same DocType at the same time cause one request;
 * a failed request is not remembered.
 */
import type { ApiClient } from '../api/client';
import { addMessages } from '../i18n';
import { parseJson } from '../json';
import { Meta } from './meta';
import type { DocTypeData } from './types';

const DESCRIBED_BY: Readonly<Record<string, string>> = { DocType: 'name', 'Customize Form': 'doc_type', 'Custom Field': 'dt', 'Property Setter': 'doc_type', 'Client Script': 'dt' };

/** The DocType that a document describes or changes; `null` for ordinary documents. */
export function describedBy(doc: Readonly<Record<string, unknown>>): string | null {
  const fieldname = DESCRIBED_BY[String(doc.doctype)];
  return fieldname && doc[fieldname] ? String(doc[fieldname]) : null;
}

export class MetaStore {
  private readonly metas = new Map<string, Meta>();
  private readonly loading = new Map<string, Promise<Meta>>();
  private readonly settings = new Map<string, Record<string, unknown>>();

  constructor(private readonly api: ApiClient) {}

  /** The DocType if it has been loaded. */
  peek(doctype: string): Meta | undefined {
    return this.metas.get(doctype);
  }

  /** The DocType and, with it, its child tables' DocTypes. */
  async load(doctype: string): Promise<Meta> {
    const known = this.metas.get(doctype);
    if (known) return known;
    const running = this.loading.get(doctype) ?? this.fetch(doctype);
    this.loading.set(doctype, running);
    try {
      return await running;
    } finally {
      this.loading.delete(doctype);
    }
  }

  /** The user's settings of a DocType's list and form, as the server keeps them. */
  userSettings(doctype: string): Record<string, unknown> {
    return this.settings.get(doctype) ?? {};
  }

  /** Changes the user's settings of a DocType here; keeping them on the server is the caller's. */
  changeUserSettings(doctype: string, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const next = { ...this.userSettings(doctype), ...changes };
    this.settings.set(doctype, next);
    return next;
  }

  /** Forgets a DocType, so that the next `load` fetches it (after it was customised). */
  forget(doctype: string): void {
    this.metas.delete(doctype);
  }

  /** Takes in DocTypes that came with another answer. */
  add(data: DocTypeData): Meta {
    const meta = new Meta(data);
    this.metas.set(meta.name, meta);
    if (data.__messages) addMessages(data.__messages);
    return meta;
  }

  private async fetch(doctype: string): Promise<Meta> {
    const answer = await this.api.get('frappe.desk.form.load.getdoctype', { doctype, with_parent: 1 });
    for (const data of (answer.docs ?? []) as unknown as DocTypeData[]) this.add(data);
    this.settings.set(doctype, parseJson<Record<string, unknown>>(answer.user_settings, {}));
    const meta = this.metas.get(doctype);
    if (!meta) throw new Error(`getdoctype did not return ${doctype}`);
    return meta;
  }
}
