/**
 * Input that isn't saved yet, kept in the browser so that nothing typed is lost by a crash, a closed tab or a lost session.
 * Invariant: keeping a draft never fails a caller: without storage it is simply not kept.
 */
import { clone } from './json';
import type { Doc } from './document/types';

export interface Draft {
  key: string;
  doctype: string;
  name: string;
  doc: Doc;
  /** `modified` of the document that the input was made on. */
  base: string;
  savedAt: number;
}

export interface DraftStore {
  keep(draft: Omit<Draft, 'key'>): Promise<void>;
  find(doctype: string, name: string): Promise<Draft | null>;
  forget(doctype: string, name: string): Promise<void>;
  list(): Promise<Draft[]>;
}

const STORE = 'drafts';

/** Drafts of one user on one site. */
export class IndexedDbDrafts implements DraftStore {
  private database: Promise<IDBDatabase | null> | null = null;

  constructor(private readonly owner: string, private readonly factory: IDBFactory | undefined = globalThis.indexedDB) {}

  async keep(draft: Omit<Draft, 'key'>): Promise<void> {
    const key = this.key(draft.doctype, draft.name);
    await this.run('readwrite', (store) => store.put({ ...draft, doc: clone(draft.doc), key }));
  }

  async find(doctype: string, name: string): Promise<Draft | null> {
    return ((await this.run('readonly', (store) => store.get(this.key(doctype, name)))) as Draft | undefined) ?? null;
  }

  async forget(doctype: string, name: string): Promise<void> {
    await this.run('readwrite', (store) => store.delete(this.key(doctype, name)));
  }

  async list(): Promise<Draft[]> {
    const all = ((await this.run('readonly', (store) => store.getAll())) ?? []) as Draft[];
    return all.filter((draft) => draft.key.startsWith(`${this.owner}|`)).sort((left, right) => right.savedAt - left.savedAt);
  }

  private key(doctype: string, name: string): string {
    return `${this.owner}|${doctype}|${name}`;
  }

  private open(): Promise<IDBDatabase | null> {
    this.database ??= new Promise((resolve) => {
      if (!this.factory) return resolve(null);
      const request = this.factory.open('ec-desk', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
      request.onsuccess = () => resolve(request.result);
      // Private windows refuse storage; the desk then works without drafts.
      request.onerror = () => resolve(null);
    });
    return this.database;
  }

  private async run(mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await this.open();
    if (!database) return undefined;
    return new Promise((resolve) => {
      const request = action(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    });
  }
}
