/**
 * One open form: the document model, the form's own copy of the fields, rights, errors, and what can be done with it.
 * Invariant: whoever changes a value goes through `setValue` or the model, so that dependent values, drafts and scripts follow.
 */
import { computed, reactive, ref, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import { asApiError, type ApiError } from '@/core/api/errors';
import { serverMessages, type ServerMessage } from '@/core/api/envelope';
import { placeErrors } from '@/core/document/errors';
import { fetchedValues, fetchRules, type FetchRule } from '@/core/document/fetch';
import { defaultValues, type DefaultSources } from '@/core/document/defaults';
import { merged, type MergeParts } from '@/core/document/merge';
import { DocModel, type Change } from '@/core/document/model';
import type { Doc, DocInfo } from '@/core/document/types';
import { behaviourOf } from '@/core/fields/registry';
import { __ } from '@/core/i18n';
import { clone } from '@/core/json';
import { labelOf, Meta } from '@/core/meta/meta';
import { describedBy } from '@/core/meta/store';
import { fieldState, missingValues, type FieldState, type FormSituation, type Missing, type RowSituation } from '@/core/meta/state';
import type { DocField } from '@/core/meta/types';
import { documentRights, type Rights } from '@/core/permissions';
import type { DeskServices } from '../services';
import { createChrome, createGridOptions, type FormChrome, type GridOptions } from './chrome';
import { LinkFetcher } from './linkFetch';
import { FormWorkflow, type WorkflowExtension } from './workflow';

export type SaveAction = 'Save' | 'Submit' | 'Update' | 'Cancel';

export interface LinkQuery {
  query?: string;
  filters?: unknown;
  searchfield?: string;
  [argument: string]: unknown;
}

/** What form scripts add to a form. */
export interface FormExtension extends WorkflowExtension {
  /** Runs before anything is sent; `false` (or a thrown error, already shown) stops it. */
  beforeSave(action: SaveAction): Promise<boolean>;
  afterSave(action: SaveAction): Promise<void>;
  /** The script's own query of a link field. */
  linkQuery(field: DocField, row: Doc | null): LinkQuery | null;
  /** A Button field was pressed; returns whether a script took it. */
  press(field: DocField, row: Doc | null): Promise<boolean>;
  /** A value has changed and what is fetched with it has arrived. */
  afterChange(change: Change): Promise<void>;
}

/** How long saving waits for work under way before it goes on without it. */
const PATIENCE_MS = 10_000;
/** How long after leaving a field its buttons stay: the press that left it is still under way. */
const LEAVING_MS = 400;

export interface FormOptions {
  desk: DeskServices;
  meta: Meta;
  doc: Doc;
  info?: DocInfo;
  /** Rights that don't come from roles (dialogs). */
  rights?: Rights;
}

export const FORM: InjectionKey<FormController> = Symbol('form');

const fetchers = new WeakMap<object, LinkFetcher>();

/** The key of a field's error. */
export function errorKey(fieldname: string, table?: string | null, row?: Doc | null): string {
  return table && row ? `${table}/${row.name}/${fieldname}` : fieldname;
}

export class FormController {
  readonly desk: DeskServices;
  readonly meta: Meta;
  readonly model: DocModel;
  readonly fields: DocField[];
  readonly childFields: Record<string, DocField[]>;
  readonly info = shallowRef<DocInfo>({});
  readonly errors = reactive(new Map<string, string>());
  readonly banner = shallowRef<ServerMessage[]>([]);
  readonly conflict = ref(false);
  readonly ui = reactive({ busy: '' as '' | SaveAction | 'Delete', locked: false, saveDisabled: false, typing: false, tab: 0, focus: '' });
  readonly chrome: FormChrome = createChrome();
  readonly rights: ComputedRef<Rights>;
  /** What scripts and people have set on the tables' grids. */
  readonly grids: Record<string, GridOptions>;
  readonly extraFetch: Record<string, FetchRule[]> = {};
  /** The steps of the DocType's workflow. */
  readonly flow: FormWorkflow | null;
  extension: FormExtension | null = null;
  private readonly byName = new Map<string, DocField>();
  private readonly pending = new Set<Promise<unknown>>();
  private readonly settlers = new Set<() => Promise<void>>();
  private latest: Promise<unknown> = Promise.resolve();
  private leaving: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FormOptions) {
    this.desk = options.desk;
    this.meta = options.meta;
    this.fields = reactive(this.meta.fieldsForForm());
    this.fields.forEach((field) => this.byName.set(field.fieldname, field));
    this.childFields = reactive(Object.fromEntries(this.meta.tables.map((table) => [table.fieldname, this.childMeta(table)?.fieldsForForm() ?? []])));
    this.grids = reactive(Object.fromEntries(this.meta.tables.map((table) => [table.fieldname, createGridOptions()])));
    this.info.value = options.info ?? {};
    this.model = new DocModel(this.meta, options.doc, {
      wrap: <T extends object>(value: T): T => reactive(value) as T,
      childMeta: (table) => this.childMeta(table),
      newRow: (table, parent) => defaultValues(this.childFields[table.fieldname] ?? [], this.defaultSources(), parent),
    });
    this.flow = this.meta.workflow ? new FormWorkflow(this.meta.workflow, this) : null;
    this.rights = computed(() => options.rights ?? documentRights(this.meta, this.desk.actor, this.model.doc, this.info.value));
    this.model.on('loaded', () => void this.flow?.refresh());
    this.model.on('loaded', () => (this.ui.typing = false));
    this.model.on('change', (change) => (this.latest = this.track(this.afterChange(change))));
  }

  get doc(): Doc {
    return this.model.doc;
  }

  /** Where defaults of new rows and documents come from. */
  defaultSources(): DefaultSources {
    const { boot, format, actor } = this.desk;
    return { user: actor.name, userDefaults: boot.user.defaults, now: format.now() };
  }

  /** The DocType of a table's rows. */
  childMeta(table: DocField): Meta | undefined {
    // A dialog's table brings its columns along.
    if (Array.isArray(table.fields)) return new Meta({ name: table.fieldname, istable: 1, fields: table.fields as DocField[] });
    return this.desk.metas.peek(String(table.options ?? ''));
  }

  /** The form's own field, of the document or of a table's rows. */
  field(fieldname: string, table?: string | null): DocField | undefined {
    if (table) return this.childFields[table]?.find((field) => field.fieldname === fieldname);
    return this.byName.get(fieldname);
  }

  /** Document, rights and state, as conditions and field states need them. */
  get situation(): FormSituation {
    const { doc } = this.model;
    return { doc, rights: this.rights.value, docstatus: Number(doc.docstatus ?? 0), isNew: Boolean(doc.__islocal), locked: this.ui.locked || this.flow?.mayEdit === false };
  }

  /** The present state of a field. */
  stateOf(field: DocField, child?: RowSituation): FieldState {
    return fieldState(field, this.situation, child);
  }

  /** Whether a field is drawn: visible, and not an empty one that nobody can fill. */
  isDrawn(field: DocField): boolean {
    const state = this.stateOf(field);
    if (!state.visible || !state.readOnly) return state.visible;
    return !behaviourOf(field).isEmpty(this.doc[field.fieldname]) || typeof this.doc[field.fieldname] === 'number';
  }

  /** Sets a value as a person or script does. Resolves when what follows from this change is done. */
  async setValue(fieldname: string, value: unknown, child?: { table: string; row: Doc }): Promise<void> {
    const isChanged = child ? this.model.setInRow(child.table, child.row, fieldname, value) : this.model.set(fieldname, value);
    if (isChanged) await this.latest;
  }

  private async afterChange(change: Change): Promise<void> {
    const { doc, table, fieldname, value } = change;
    this.errors.delete(errorKey(fieldname, table, doc));
    const fields = table ? (this.childFields[table] ?? []) : this.fields;
    const field = fields.find((item) => item.fieldname === fieldname);
    for (const dependent of fields.filter((item) => item.fieldtype === 'Dynamic Link' && item.options === fieldname)) {
      this.assign(doc, table, dependent.fieldname, '');
    }
    if (field?.fieldtype === 'Link' || field?.fieldtype === 'Dynamic Link') await this.fetchLinked(field, doc, table, String(value ?? ''));
    await this.extension?.afterChange(change);
  }

  private async fetchLinked(field: DocField, doc: Doc, table: string | null, name: string): Promise<void> {
    const fields = table ? (this.childFields[table] ?? []) : this.fields;
    const rules = fetchRules(fields, field.fieldname, this.extraFetch);
    if (!rules.length) return;
    const fetched = name ? await this.linked(field, doc, name, rules.map((rule) => rule.source)) : null;
    if (doc[field.fieldname] !== name && (doc[field.fieldname] || name)) return;
    if (name && !fetched) {
      this.errors.set(errorKey(field.fieldname, table, doc), __('{0} {1} does not exist', [__(String(field.options)), name]));
      return;
    }
    for (const [target, fetchedValue] of Object.entries(fetchedValues(rules, fetched, doc, fields))) this.assign(doc, table, target, fetchedValue);
  }

  private async linked(field: DocField, doc: Doc, name: string, sources: string[]): Promise<Record<string, unknown> | null> {
    const doctype = field.fieldtype === 'Link' ? String(field.options) : String(doc[String(field.options)] ?? '');
    let fetcher = fetchers.get(this.desk.api);
    if (!fetcher) fetchers.set(this.desk.api, (fetcher = new LinkFetcher(this.desk.api)));
    try {
      return await fetcher.fetch(doctype, name, sources);
    } catch (error) {
      this.desk.overlay.error(error);
      return {};
    }
  }

  private assign(doc: Doc, table: string | null, fieldname: string, value: unknown): void {
    if (table) this.model.setInRow(table, doc, fieldname, value);
    else this.model.set(fieldname, value);
  }

  /** Remembers work under way, so that saving waits for it. */
  track<T>(work: Promise<T>): Promise<T> {
    this.pending.add(work);
    const done = (): boolean => this.pending.delete(work);
    work.then(done, done);
    return work;
  }

  /** Registers a function that settles what is being typed (a field, a grid). */
  onSettle(settle: () => Promise<void>): () => void {
    this.settlers.add(settle);
    return () => this.settlers.delete(settle);
  }

  /** Resolves when nothing is under way; a script that never finishes can't hold it up for ever. */
  async idle(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (this.pending.size && Date.now() < end) {
      await Promise.race([Promise.allSettled([...this.pending]), new Promise((resolve) => setTimeout(resolve, end - Date.now()))]);
    }
  }

  /** Whether there is something to save: a changed value, or what stands in a field and is not yet its value. */
  get isChanging(): boolean {
    return this.model.state.dirty || this.ui.typing;
  }

  /** Says that somebody types, or has left a field; what was typed there becomes its value a moment after that. */
  noteTyping(isTyping: boolean): void {
    clearTimeout(this.leaving);
    if (isTyping) this.ui.typing = true;
    else this.leaving = setTimeout(() => (this.ui.typing = false), LEAVING_MS);
  }

  /** Settles what is being typed and waits for what follows from it. */
  async settle(): Promise<void> {
    await Promise.all([...this.settlers].map((settle) => settle()));
    await this.idle();
  }

  /** Required fields without a value at this moment. */
  missing(): Missing[] {
    return missingValues(this.fields, (table) => this.childFields[table.fieldname] ?? [], this.situation);
  }

  /** Marks required fields without a value; returns whether there are none. */
  checkRequired(): boolean {
    const missing = this.missing();
    for (const { field, table, row } of missing) this.errors.set(errorKey(field.fieldname, table?.fieldname, row), __('{0} is required', [__(labelOf(field), null, this.meta.name)]));
    if (missing.length) this.banner.value = [{ message: missingText(missing), title: __('Required fields are empty') }];
    const [first] = missing;
    if (first) this.focusField(first.table?.fieldname ?? first.field.fieldname);
    return missing.length === 0;
  }

  /** Removes rows that were added and never filled (Enter in the last cell adds one) where they could not be saved. */
  private dropUnfilledRows(): void {
    const unfilled = new Map<string, Set<string>>();
    for (const { table, row } of this.missing()) {
      if (table && row && this.model.isUntouched(row)) unfilled.set(table.fieldname, (unfilled.get(table.fieldname) ?? new Set()).add(row.name));
    }
    for (const [table, names] of unfilled) this.model.removeRows(table, [...names]);
  }

  /** Asks the page to show a field and put the cursor there. */
  focusField(fieldname: string): void {
    this.ui.focus = '';
    this.ui.focus = fieldname;
  }

  /** Saves, submits, updates or cancels. Returns whether it was done; what went wrong is shown on the form. */
  async save(action: SaveAction, { fromScript = false } = {}): Promise<boolean> {
    if (this.ui.busy) return false;
    this.ui.busy = action;
    try {
      // A script that saves is itself work under way: waiting for it would wait for ever.
      if (!fromScript) await this.settle();
      return await this.runSave(action);
    } finally {
      this.ui.busy = '';
    }
  }

  private async runSave(action: SaveAction): Promise<boolean> {
    this.clearErrors();
    if (action !== 'Cancel') this.dropUnfilledRows();
    if (this.extension && !(await this.extension.beforeSave(action))) return false;
    if (action !== 'Cancel' && !this.checkRequired()) return false;
    try {
      const answer = action === 'Cancel'
        ? await this.desk.api.post('frappe.desk.form.save.cancel', { doctype: this.meta.name, name: this.doc.name }, { quiet: true })
        : await this.desk.api.post('frappe.desk.form.save.savedocs', { doc: JSON.stringify(this.model.payload()), action }, { quiet: true });
      this.desk.overlay.serverMessages(serverMessages(answer).filter(isNews));
      this.take(answer.docs ?? [], answer.docinfo as DocInfo | undefined, answer._link_titles);
    } catch (error) {
      this.showError(error);
      return false;
    }
    await this.extension?.afterSave(action);
    return true;
  }

  /** Takes in the documents of an answer: the form's own one and what belongs to it. */
  take(docs: readonly Record<string, unknown>[], info?: DocInfo, titles?: Record<string, string>): void {
    const own = (docs as Doc[]).find((doc) => doc.doctype === this.meta.name && (doc.name === this.doc.name || doc.localname === this.doc.name || this.model.isNew));
    this.desk.titles.learn(titles);
    if (info) this.info.value = info;
    if (own) this.model.load(own);
    // A form that shapes another DocType: what was known of that one is old.
    const shaped = own && describedBy(own);
    if (shaped && shaped !== this.meta.name) this.desk.metas.forget(shaped);
    this.clearErrors();
  }

  /** Fetches the document again; unsaved changes are gone afterwards. */
  async reload(): Promise<void> {
    const answer = await this.desk.api.get('frappe.desk.form.load.getdoc', { doctype: this.meta.name, name: this.doc.name });
    this.take(answer.docs ?? [], answer.docinfo as DocInfo | undefined, answer._link_titles);
  }

  /** Fetches the version that somebody else saved, and what both sides did since this form was loaded. */
  async otherVersion(): Promise<{ parts: MergeParts; take: (choices: Readonly<Record<string, 'mine' | 'theirs'>>) => void }> {
    const answer = await this.desk.api.get('frappe.desk.form.load.getdoc', { doctype: this.meta.name, name: this.doc.name });
    const theirs = ((answer.docs ?? []) as Doc[]).find((doc) => doc.doctype === this.meta.name);
    if (!theirs) throw new Error(__('The server sent no document.'));
    const parts: MergeParts = { base: this.model.base(), mine: clone(this.doc), theirs, meta: this.meta, childMeta: (table) => this.childMeta(table) };
    return {
      parts,
      take: (choices) => {
        this.desk.titles.learn(answer._link_titles);
        if (answer.docinfo) this.info.value = answer.docinfo as DocInfo;
        this.model.rebase(theirs, merged(parts, choices));
        this.clearErrors();
      },
    };
  }

  /** Who saved the document since this form got it, `null` when nobody did; asks the server. */
  async outdatedBy(): Promise<string | null> {
    if (this.model.isNew || this.ui.busy || this.flow?.busy.value || !this.doc.modified) return null;
    const { name, modified } = this.doc;
    const answer = await this.desk.api.get<{ modified?: string; modified_by?: string } | null>('frappe.client.get_value', { doctype: this.meta.name, filters: { name }, fieldname: ['modified', 'modified_by'] }, { quiet: true, once: true });
    const theirs = answer.message?.modified;
    const isNewer = Boolean(theirs) && theirs !== modified && this.doc.modified === modified;
    return isNewer ? String(answer.message?.modified_by ?? '') : null;
  }

  /** Forgets all marks of earlier errors. */
  clearErrors(): void {
    this.errors.clear();
    this.banner.value = [];
    this.conflict.value = false;
  }

  /** Shows a failure where it belongs: at fields, and always in full in the banner. */
  showError(failure: unknown): void {
    const error: ApiError = asApiError(failure);
    this.conflict.value = error.failure === 'conflict';
    const { placed, general } = placeErrors(error.messages, this.meta, (table) => this.childMeta(table));
    for (const place of placed) {
      const row = place.table ? this.model.rows(place.table)[(place.row ?? 1) - 1] : null;
      this.errors.set(errorKey(place.fieldname, place.table, row), place.message);
    }
    this.banner.value = general;
    const [first] = placed;
    if (first) this.focusField(first.table ?? first.fieldname);
  }
}

/** Whether a message says more than that it was done, which the form shows itself. */
function isNews({ alert, message }: ServerMessage): boolean {
  const plain = ['Saved', 'Submitted', 'Updated', 'Cancelled'];
  return !(alert && [...plain, ...plain.map((word) => __(word))].includes(message));
}

/** Names the fields: `SKU Name, Rate (row 2)`. */
function missingText(missing: readonly Missing[]): string {
  const names = missing.map(({ field, rowNumber }) => (rowNumber ? __('{0} (row {1})', [__(labelOf(field)), rowNumber]) : __(labelOf(field))));
  return [...new Set(names)].slice(0, 12).join(__(', '));
}
