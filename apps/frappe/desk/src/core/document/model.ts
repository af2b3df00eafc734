/**
 * One open document: its values, its rows, what has changed since it was loaded.
 * Invariants: every change goes through this class (scripts that write into `doc` directly call `touch`); rows are numbered
 * 1…n in `idx`; `state.dirty` is true exactly when something differs from the loaded document or `touch` was called.
 * `wrap` lets the user interface hand in its reactive proxy; the class itself knows nothing of it.
 */
import { behaviourOf } from '../fields/registry';
import { Emitter } from '../emitter';
import { clone, same } from '../json';
import type { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { randomKey, scrub } from '../text';
import type { Doc } from './types';

export interface Change { doc: Doc; table: string | null; fieldname: string; value: unknown; previous: unknown }
export interface RowsChange { table: string; added: Doc[]; removed: Doc[] }

export interface ModelEvents {
  change: Change;
  rows: RowsChange;
  loaded: Doc;
  dirty: boolean;
}

export interface ModelOptions {
  wrap?: <T extends object>(value: T) => T;
  /** Defaults of a new row of a table. */
  newRow?: (table: DocField, parent: Doc) => Record<string, unknown>;
  /** The DocType of a table's rows, for their fields' types. */
  childMeta?: (table: DocField) => Meta | undefined;
}

/** Keys that travel to the server although they start with two underscores. */
const SENT_MARKS = new Set(['__islocal', '__unsaved', '__newname', '__run_link_triggers']);
const NOT_COPIED = new Set(['name', 'owner', 'creation', 'modified', 'modified_by', 'idx', 'docstatus', 'parent', '__islocal']);

/** A name for a document that the server hasn't named yet. */
export function temporaryName(doctype: string): string {
  return `new-${scrub(doctype).replace(/_/g, '-')}-${randomKey()}`;
}

export class DocModel extends Emitter<ModelEvents> {
  readonly doc: Doc;
  readonly state: { dirty: boolean };
  private readonly wrap: <T extends object>(value: T) => T;
  private pristine: Doc;
  private readonly changed = new Set<string>();
  private touched = false;
  /** What rows that were added empty began with, by name. */
  private readonly begun = new Map<string, Doc>();

  constructor(readonly meta: Meta, doc: Doc, private readonly options: ModelOptions = {}) {
    super();
    this.wrap = options.wrap ?? ((value) => value);
    this.doc = this.wrap(this.prepared(doc));
    this.state = this.wrap({ dirty: false });
    this.pristine = clone(this.doc);
  }

  get isNew(): boolean {
    return Boolean(this.doc.__islocal);
  }

  get docstatus(): number {
    return Number(this.doc.docstatus ?? 0);
  }

  /** The rows of a table (the live array). */
  rows(table: string): Doc[] {
    return (this.doc[table] ??= []) as Doc[];
  }

  /** The row with the given name. */
  row(table: string, name: string): Doc | undefined {
    return this.rows(table).find((row) => row.name === name);
  }

  /** Sets a field of the document. Returns whether the value changed. */
  set(fieldname: string, value: unknown): boolean {
    return this.assign(this.doc, null, fieldname, value);
  }

  /** Sets a field of a row. Returns whether the value changed. */
  setInRow(table: string, row: Doc, fieldname: string, value: unknown): boolean {
    return this.assign(row, table, fieldname, value);
  }

  private assign(target: Doc, table: string | null, fieldname: string, value: unknown): boolean {
    const field = this.fieldOf(table, fieldname);
    const next = field ? behaviourOf(field).normalise(value) : value;
    const previous = target[fieldname];
    if (same(previous, next) || (isBlank(previous) && isBlank(next))) return false;
    target[fieldname] = next;
    this.mark(target, table, fieldname, next);
    this.emit('change', { doc: target, table, fieldname, value: next, previous });
    return true;
  }

  private fieldOf(table: string | null, fieldname: string): DocField | undefined {
    if (!table) return this.meta.field(fieldname);
    const tableField = this.meta.field(table);
    return tableField && this.options.childMeta?.(tableField)?.field(fieldname);
  }

  private mark(target: Doc, table: string | null, fieldname: string, value: unknown): void {
    const key = `${table ?? ''}/${table ? target.name : ''}/${fieldname}`;
    const origin = table ? (this.pristine[table] as Doc[] | undefined)?.find((row) => row.name === target.name) : this.pristine;
    const before = origin?.[fieldname];
    if (origin && (same(before, value) || (isBlank(before) && isBlank(value)))) this.changed.delete(key);
    else this.changed.add(key);
    this.refreshDirty();
  }

  private markRows(table: string): void {
    const names = (rows: unknown): string => ((rows as Doc[] | undefined) ?? []).map((row) => row.name).join('\n');
    const key = `${table}//`;
    if (names(this.pristine[table]) === names(this.doc[table])) this.changed.delete(key);
    else this.changed.add(key);
    this.refreshDirty();
  }

  /** Says that the document was changed past this class (a script wrote into it). */
  touch(): void {
    this.touched = true;
    this.refreshDirty();
  }

  private refreshDirty(): void {
    const dirty = this.touched || this.changed.size > 0;
    if (dirty === this.state.dirty) return;
    this.state.dirty = dirty;
    if (dirty) this.doc.__unsaved = 1;
    else delete this.doc.__unsaved;
    this.emit('dirty', dirty);
  }

  /** Adds rows with the given values at `index` (at the end by default); returns them. */
  addRows(table: string, values: readonly Record<string, unknown>[], index = this.rows(table).length): Doc[] {
    const field = this.meta.field(table);
    const rows = this.rows(table);
    const fresh = values.map((given) => ({
      ...(field ? this.options.newRow?.(field, this.doc) : {}),
      ...given,
      doctype: String(field?.options ?? ''),
      name: temporaryName(String(field?.options ?? table)),
      parent: this.doc.name, parenttype: this.doc.doctype, parentfield: table, docstatus: 0 as const, __islocal: 1 as const,
    }));
    rows.splice(index, 0, ...fresh);
    this.renumber(table);
    // What the array gives back, not what was put in: with a reactive wrap these are the live proxies.
    const added = this.rows(table).slice(index, index + fresh.length);
    values.forEach((given, at) => Object.keys(given).length === 0 && this.begun.set(added[at]!.name, clone(added[at]!)));
    this.markRows(table);
    this.emit('rows', { table, added, removed: [] });
    return added;
  }

  /** Whether a row was added empty and nobody, no script either, has put anything into it since. */
  isUntouched(row: Doc): boolean {
    const begun = this.begun.get(row.name);
    return begun !== undefined && [...new Set([...Object.keys(begun), ...Object.keys(row)])]
      .every((key) => key === 'idx' || key === 'name' || same(begun[key], row[key]) || (isBlank(begun[key]) && isBlank(row[key])));
  }

  /** Removes rows. */
  removeRows(table: string, names: readonly string[]): void {
    const gone = new Set(names);
    const removed = this.rows(table).filter((row) => gone.has(row.name));
    if (!removed.length) return;
    const rows = this.rows(table);
    rows.splice(0, rows.length, ...rows.filter((row) => !gone.has(row.name)));
    for (const key of [...this.changed]) {
      if (removed.some((row) => key.startsWith(`${table}/${row.name}/`))) this.changed.delete(key);
    }
    this.renumber(table);
    this.markRows(table);
    this.emit('rows', { table, added: [], removed });
  }

  /** Copies a row behind itself; values marked "no copy" stay behind. */
  duplicateRow(table: string, row: Doc): Doc | undefined {
    const field = this.meta.field(table);
    const childMeta = field && this.options.childMeta?.(field);
    const values = Object.fromEntries(
      Object.entries(clone(row)).filter(([key]) => !NOT_COPIED.has(key) && !childMeta?.field(key)?.no_copy),
    );
    const at = this.rows(table).findIndex((item) => item.name === row.name);
    return this.addRows(table, [values], at + 1)[0];
  }

  /** Moves a row so that it stands at `index`. */
  moveRow(table: string, name: string, index: number): void {
    const rows = this.rows(table);
    const from = rows.findIndex((row) => row.name === name);
    const to = Math.max(0, Math.min(index, rows.length - 1));
    if (from < 0 || from === to) return;
    const [row] = rows.splice(from, 1);
    rows.splice(to, 0, row!);
    this.renumber(table);
    this.markRows(table);
    this.emit('rows', { table, added: [], removed: [] });
  }

  private renumber(table: string): void {
    this.rows(table).forEach((row, index) => {
      if (row.idx !== index + 1) row.idx = index + 1;
    });
  }

  /** Takes the server's version in place (after a save or reload): nothing is changed any more. */
  load(doc: Doc): void {
    const next = this.prepared(clone(doc));
    for (const key of Object.keys(this.doc)) if (!(key in next)) delete this.doc[key];
    Object.assign(this.doc, next);
    this.pristine = clone(this.doc);
    this.changed.clear();
    this.begun.clear();
    this.touched = false;
    this.refreshDirty();
    delete this.doc.__unsaved;
    this.emit('loaded', this.doc);
  }

  /** Takes values that the server worked out for this unsaved state (`run_doc_method`): they count as changes. */
  adopt(doc: Doc): void {
    Object.assign(this.doc, this.prepared(clone(doc)));
    this.touch();
  }

  /** Puts back input that was kept from an earlier, unsaved visit. */
  restore(doc: Doc): void {
    Object.assign(this.doc, clone(doc));
    this.touch();
  }

  /** The document as it travels to the server: without the desk's own marks. */
  payload(): Doc {
    const bare = (doc: Doc): Doc => Object.fromEntries(
      Object.entries(doc)
        .filter(([key]) => !key.startsWith('__') || SENT_MARKS.has(key))
        .map(([key, value]) => [key, Array.isArray(value) && this.meta.field(key) ? value.map((row) => bare(row as Doc)) : value]),
    ) as Doc;
    const sent = bare(clone(this.doc));
    if (this.state.dirty || this.isNew) sent.__unsaved = 1;
    return sent;
  }

  /** The document as it was loaded, before any change. */
  base(): Doc {
    return clone(this.pristine);
  }

  /** Takes the server's version `loaded` in place and `values` over it, which count as changes. */
  rebase(loaded: Doc, values: Doc): void {
    this.load(loaded);
    Object.assign(this.doc, this.prepared(clone({ ...values, modified: loaded.modified, modified_by: loaded.modified_by })));
    this.touch();
  }

  /** Names of changed fields of the document itself and of its tables. */
  changedFields(): string[] {
    const names = [...this.changed].map((key) => {
      const [table, , fieldname] = key.split('/');
      return table || fieldname || '';
    });
    return [...new Set(names)];
  }

  /** Every table is an array with numbered rows, so that nobody has to ask. */
  private prepared(doc: Doc): Doc {
    for (const table of this.meta.tables) {
      const rows = Array.isArray(doc[table.fieldname]) ? (doc[table.fieldname] as Doc[]) : [];
      doc[table.fieldname] = rows;
      rows.forEach((row, index) => (row.idx = index + 1));
    }
    return doc;
  }
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
