/**
 * `frm`: the open form as scripts know it. One per DocType, pointed at one document after the other, as upstream does, so
 * that what a script keeps on it (queries, `cscript`, own names) lasts.
 * Invariant: everything here goes through the form's controller and model.
 */
import $ from 'jquery';
import type { Change, RowsChange } from '@/core/document/model';
import type { Doc } from '@/core/document/types';
import type { FetchRule } from '@/core/document/fetch';
import { columnSum } from '@/core/document/totals';
import { toneOf } from '@/core/status';
import type { Meta } from '@/core/meta/meta';
import type { DocField } from '@/core/meta/types';
import { can, type Right } from '@/core/permissions';
import { resetChrome, type ChromeButton } from '@/ui/form/chrome';
import type { FormController, FormExtension, LinkQuery, SaveAction } from '@/ui/form/controller';
import RowDialog from '@/ui/grid/RowDialog.vue';
import { writeMail } from '@/ui/mail/open';
import type { FormPlace } from '../formScripts';
import { controlsOf, type Control } from './control';
import { fieldAbove } from './drawing';
import { Grid } from './grid';
import type { HandlerBook } from './handlers';
import { ShownError } from './messages';
import { reportMissing } from './missing';
import { buttonHandle, dashboardOf, pageOf } from './page';
import { callServer, readCall, type CallOptions, type ServerParts } from './server';
import type { Any, Bag, Callback } from './types';

export interface FrmParts { server: ServerParts; book: HandlerBook; validated: { value: boolean } }

export class Frm implements FormExtension {
  /** Handlers in upstream's older style: `cur_frm.cscript.refresh = function (doc) {…}`. */
  readonly cscript: Bag = {};
  readonly custom_make_buttons: Bag = {};
  readonly make_methods: Bag = {};
  controller!: FormController;
  fields_dict: Record<string, Control> = {};
  page: Bag = {};
  dashboard: Bag = {};
  opendocs: Bag = {};
  ignore_doctypes_on_cancel_all: string[] = [];
  selected_doc: Doc | null = null;
  list_route: string[] = [];
  [extra: string]: Any;
  private readonly queries = new Map<string, Any>();
  private readonly watchers: { doctype: string; fieldname: string; handler: Callback }[] = [];
  private readonly fetches: Record<string, FetchRule[]> = {};
  private listeners: (() => void)[] = [];
  private isSetUp = false;

  constructor(readonly meta: Meta, private readonly parts: FrmParts) {}

  // --- what it is open on -------------------------------------------------------------------------------------------
  /** Points the form at a newly opened document. */
  attach(controller: FormController, root: () => HTMLElement | null, place: FormPlace): void {
    this.detach();
    this.controller = controller;
    this.place = place;
    controller.extension = this;
    Object.assign(controller.extraFetch, this.fetches);
    this.page = pageOf(controller.chrome, root, (df) => fieldAbove(controller.desk, root, df));
    this.dashboard = dashboardOf(controller.chrome);
    this.root = root;
    this.fields_dict = controlsOf(controller, root, (control) => this.complete(control));
    this.listeners = [controller.model.on('rows', (change) => void controller.track(this.rowsChanged(change)))];
  }

  /** Lets go of the document. */
  detach(): void {
    this.listeners.splice(0).forEach((stop) => stop());
    if (this.controller?.extension === this) this.controller.extension = null;
  }

  private complete(control: Control): void {
    const { queries } = this;
    const key = `/${control.df.fieldname}`;
    Object.defineProperty(control, 'get_query', { get: () => queries.get(key) as unknown, set: (query) => queries.set(key, query) });
    if (control.df.fieldtype === 'Table') control.grid = new Grid({ form: this.controller, frm: this, table: control.df, root: () => this.wrapper, queries });
  }

  get doc(): Doc { return this.controller.doc; }
  get doctype(): string { return this.meta.name; }
  get docname(): string { return this.doc.name; }
  get docfields(): DocField[] { return this.controller.fields; }
  get fields(): Control[] { return this.controller.fields.map((field) => this.fields_dict[field.fieldname]!); }
  get events(): Record<string, Callback> { return this.parts.book.events(this.doctype); }
  get perm(): Bag[] { return Array.from({ length: 10 }, (_, level) => Object.fromEntries([...(this.controller.rights.value[level] ?? [])].map((right) => [right, 1]))); }
  get is_dialog(): boolean { return false; }
  get save_disabled(): boolean { return this.controller.ui.saveDisabled; }
  get wrapper(): HTMLElement | null { return (this.root as (() => HTMLElement | null) | undefined)?.() ?? null; }
  get $wrapper(): Any { return $(this.wrapper as HTMLElement); }
  get script_manager(): Bag { return { trigger: (event: string, doctype?: string, name?: string) => this.run(event, doctype, name), has_handlers: (event: string, doctype: string) => this.parts.book.of(doctype, event).length > 0, copy_from_first_row: (table: string, row: Doc, names: string[]) => this.copyFirst(table, row, names), make: (Controller: Any) => Object.assign(this.cscript, new Controller({ frm: this })), frm: this }; }
  get layout(): Bag { return { wrapper: this.$wrapper, refresh_sections: () => undefined, show_message: (text: string, colour?: string) => this.set_intro(text, colour), fields_dict: this.fields_dict }; }

  /** Whether a document is this form's or one of its rows. */
  owns(doc: Doc): boolean {
    return this.controller && (doc === this.doc || Boolean(doc.parentfield && this.meta.has(doc.parentfield) && this.controller.model.row(doc.parentfield, doc.name)));
  }

  /** The form's own fields of its DocType or of one of its tables'. */
  fieldsOf(doctype: string): DocField[] | null {
    if (!this.controller) return null;
    if (doctype === this.doctype) return this.controller.fields;
    const table = this.meta.tables.find((item) => item.options === doctype);
    return table ? (this.controller.childFields[table.fieldname] ?? null) : null;
  }

  /** Sets a value of the document or of one of its rows. */
  setIn(doc: Doc, fieldname: string, value: unknown): Promise<void> {
    return this.controller.setValue(fieldname, value, doc === this.doc ? undefined : { table: String(doc.parentfield), row: doc });
  }

  // --- running handlers ---------------------------------------------------------------------------------------------
  /** Runs the handlers of an event. A failing one is reported and stops the rest; `frappe.throw` has shown itself. */
  async run(event: string, doctype = this.doctype, name = this.doc.name): Promise<boolean> {
    try {
      for (const handler of this.parts.book.of(doctype, event)) await (handler(this, doctype, name) as unknown);
      const older = this.cscript[event] ?? this.cscript[`custom_${event}`];
      if (typeof older === 'function' && doctype === this.doctype) await (older as Callback).call(this.cscript, this.doc, doctype, name);
      return true;
    } catch (error) {
      if (!(error instanceof ShownError)) {
        console.error(`The script of ${doctype} failed at ${event}`, error);
        if (this.controller.desk.boot.developer_mode) this.controller.desk.overlay.error(error);
      }
      return false;
    }
  }

  trigger(event: string, doctype?: string, name?: string): Promise<boolean> { return this.run(event, doctype, name); }

  /** Runs what a newly opened form runs; `setup` once in the life of this object. */
  async opened(): Promise<void> {
    if (!this.isSetUp) {
      this.isSetUp = true;
      await this.run('setup');
    }
    await this.run('before_load');
    await this.run('onload');
    await this.refreshed();
    await this.run('onload_post_render');
  }

  /** Runs `refresh` anew; what scripts had added around the form is taken away first. */
  async refreshed(): Promise<void> {
    // A script that kept the document in its own way says so, as upstream's scripts do: there is nothing to save any more.
    if (this.doc.__unsaved === 0) this.controller.model.load(this.doc);
    resetChrome(this.controller.chrome);
    await this.run('before_refresh');
    await this.run('refresh');
  }

  async beforeSave(action: SaveAction): Promise<boolean> {
    const events: Record<SaveAction, string[]> = { Save: ['validate', 'before_save'], Update: ['validate', 'before_save'], Submit: ['validate', 'before_save', 'before_submit'], Cancel: ['before_cancel'] };
    this.parts.validated.value = true;
    for (const event of events[action]) if (!(await this.run(event))) return false;
    return this.parts.validated.value;
  }

  async afterSave(action: SaveAction): Promise<void> {
    const events: Record<SaveAction, string[]> = { Save: ['after_save'], Update: ['after_save'], Submit: ['after_save', 'on_submit'], Cancel: ['after_cancel'] };
    for (const event of events[action]) await this.run(event);
  }

  async beforeStep(action: string): Promise<boolean> {
    this.selected_workflow_action = action;
    return this.run('before_workflow_action');
  }

  async afterStep(): Promise<void> {
    this.selected_workflow_action = null;
    await this.run('after_workflow_action');
  }

  async afterChange({ doc, fieldname, value }: Change): Promise<void> {
    await this.run(fieldname, doc.doctype, doc.name);
    for (const watcher of this.watchers) if (watcher.doctype === doc.doctype && (watcher.fieldname === '*' || watcher.fieldname === fieldname)) await (watcher.handler(fieldname, value, doc) as unknown);
  }

  onChange(doctype: string, fieldname: string, handler: Callback): void { this.watchers.push({ doctype, fieldname, handler }); }

  private async rowsChanged({ table, added, removed }: RowsChange): Promise<void> {
    const doctype = String(this.meta.field(table)?.options ?? '');
    for (const row of added) await this.run(`${table}_add`, doctype, row.name);
    if (removed.length) await this.run(`before_${table}_remove`, doctype, removed[0]!.name);
    for (const row of removed) await this.run(`${table}_remove`, doctype, row.name);
    if (!added.length && !removed.length) await this.run(`${table}_move`, doctype);
  }

  async press(field: DocField, row: Doc | null): Promise<boolean> {
    const doctype = row?.doctype ?? this.doctype;
    const hasHandler = this.parts.book.of(doctype, field.fieldname).length > 0 || typeof this.cscript[field.fieldname] === 'function';
    if (!hasHandler && field.options) await this.call(String(field.options));
    else await this.run(field.fieldname, doctype, (row ?? this.doc).name);
    return true;
  }

  // --- values -------------------------------------------------------------------------------------------------------
  async set_value(field: string | Bag, value?: unknown): Promise<void> {
    const values = typeof field === 'string' ? { [field]: value } : field;
    for (const [fieldname, item] of Object.entries(values)) await this.controller.setValue(fieldname, item);
  }
  set_values(values: Bag): Promise<void> { return this.set_value(values); }
  add_child(table: string, values: Bag = {}): Doc { return this.controller.model.addRows(table, [values])[0]!; }
  clear_table(table: string): void { this.controller.model.removeRows(table, this.controller.model.rows(table).map((row) => row.name)); }
  update_in_all_rows(table: string, fieldname: string, value: unknown): void { for (const row of this.controller.model.rows(table)) void this.setIn(row, fieldname, value); }
  get_sum(table: string, fieldname: string): number { return columnSum(this.controller.model.rows(table), fieldname); }
  add_fetch(link: string, source: string, target: string): void {
    (this.fetches[link] ??= []).push({ target, source, onlyIfEmpty: false });
    if (this.controller) this.controller.extraFetch[link] = this.fetches[link];
  }
  private copyFirst(table: string, row: Doc, names: string[]): void {
    const first = this.controller.model.rows(table)[0];
    if (first && first !== row) for (const name of names) void this.setIn(row, name, first[name]);
  }

  // --- fields -------------------------------------------------------------------------------------------------------
  get_field(fieldname: string): Control | undefined { return this.fields_dict[fieldname]; }
  get_docfield(first: string, second?: string): DocField | undefined { return second ? this.controller.field(second, first) : this.controller.field(first); }
  set_df_property(fieldname: string, property: string, value: unknown, name?: string | null, table?: string): void {
    const field = name && table ? this.controller.field(table, fieldname) : this.controller.field(fieldname);
    if (field) field[property] = value;
  }
  set_query(fieldname: string, first: Any, second?: Any): void { this.queries.set(second ? `${String(first)}/${fieldname}` : `/${fieldname}`, second ?? first); }
  linkQuery(field: DocField, row: Doc | null): LinkQuery | null {
    const query: unknown = this.queries.get(`${row?.parentfield ?? ''}/${field.fieldname}`) ?? (row ? null : field.get_query);
    const given: unknown = typeof query === 'function' ? (query as Callback)(this.doc, row?.doctype ?? this.doctype, (row ?? this.doc).name) : query;
    if (typeof given === 'string') return { query: given };
    return given !== null && typeof given === 'object' ? (given as LinkQuery) : null;
  }
  private each(fieldnames: string | string[], change: (field: DocField) => void): void { [fieldnames].flat().forEach((name) => { const field = this.controller.field(name); if (field) change(field); }); }
  toggle_display(names: string | string[], on: unknown): void { this.each(names, (field) => (field.hidden = on ? 0 : 1)); }
  toggle_reqd(names: string | string[], on: unknown): void { this.each(names, (field) => (field.reqd = on ? 1 : 0)); }
  toggle_enable(names: string | string[], on: unknown): void { this.each(names, (field) => (field.read_only = on ? 0 : 1)); }
  toggle_editable(names: string | string[], on: unknown): void { this.toggle_enable(names, on); }
  set_indicator_formatter(): void { reportMissing('frm.set_indicator_formatter'); }
  set_currency_labels(names: string[], currency: string, table?: string): void {
    for (const name of names) {
      const field = this.controller.field(name, table);
      if (field && currency) field.label = `${String(field.label ?? '').replace(/ \([A-Z]{3}\)$/, '')} (${currency})`;
    }
  }
  scroll_to_field(fieldname: string): void { this.controller.focusField(fieldname); }
  open_grid_row(row: Doc): void { const table = this.controller.field(String(row.parentfield)); if (table) this.controller.desk.overlay.open(RowDialog, { form: this.controller, table, name: row.name }); }

  // --- state --------------------------------------------------------------------------------------------------------
  is_new(): boolean { return this.controller.model.isNew; }
  is_dirty(): boolean { return this.controller.model.state.dirty || this.is_new(); }
  dirty(): void { this.controller.model.touch(); }
  has_perm(right: Right): boolean { return can(this.controller.rights.value, right); }
  disable_save(): void { this.controller.ui.saveDisabled = true; }
  enable_save(): void { this.controller.ui.saveDisabled = false; }
  disable_form(): void { this.controller.ui.locked = true; this.disable_save(); }
  enable_form(): void { this.controller.ui.locked = false; this.enable_save(); }
  set_read_only(): void { this.controller.ui.locked = true; }
  refresh(): Promise<void> { return this.refreshed(); }
  refresh_field(): void { /* Fields draw themselves when their value or definition changes. */ }
  refresh_fields(): void { /* ditto */ }
  refresh_header(): void { /* ditto */ }
  async reload_doc(): Promise<void> { await this.controller.reload(); await this.refreshed(); }
  async save(action: SaveAction | Callback = 'Save', callback?: Callback): Promise<void> {
    const wanted = typeof action === 'string' ? action : 'Save';
    const wasNew = this.is_new();
    if (!(await this.controller.save(wanted, { fromScript: true }))) throw new ShownError('not saved');
    (typeof action === 'function' ? action : callback)?.();
    if (wasNew) (this.place as FormPlace).go(() => this.controller.desk.go({ kind: 'form', doctype: this.doctype, name: this.docname }, { replace: true }));
    else await this.refreshed();
  }
  save_or_update(): Promise<void> { return this.save(Number(this.doc.docstatus) === 1 ? 'Update' : 'Save'); }
  savesubmit(): Promise<void> { return this.save('Submit'); }
  savecancel(): Promise<void> { return this.save('Cancel'); }
  set_active_tab(tab: Any): void { const at = this.controller.fields.filter((field) => field.fieldtype === 'Tab Break').findIndex((field) => field.fieldname === (tab?.df?.fieldname ?? tab)); if (at >= 0) this.controller.ui.tab = at + (this.controller.fields[0]?.fieldtype === 'Tab Break' ? 0 : 1); }

  // --- around the fields --------------------------------------------------------------------------------------------
  add_custom_button(label: string, run: Callback, group?: string): Any {
    const { chrome } = this.controller;
    this.remove_custom_button(label, group);
    const button: ChromeButton = { label, group: group ?? null, tone: 'plain', run: () => void run() };
    chrome.buttons.push(button);
    return buttonHandle(chrome.buttons.at(-1)!);
  }
  remove_custom_button(label: string, group?: string): void { const { chrome } = this.controller; chrome.buttons = chrome.buttons.filter((button) => button.label !== label || button.group !== (group ?? null)); }
  clear_custom_buttons(): void { this.controller.chrome.buttons = []; }
  change_custom_button_type(label: string, group: string | null, type: string): void { const button = this.controller.chrome.buttons.find((item) => item.label === label && item.group === (group ?? null)); if (button) button.tone = type === 'primary' || type === 'danger' ? type : 'plain'; }
  get custom_buttons(): Bag { return Object.fromEntries(this.controller.chrome.buttons.map((button) => [button.label, buttonHandle(button)])); }
  set_intro(text?: string | null, colour = 'blue'): void { const { chrome } = this.controller; if (text) chrome.intro.push({ text, tone: toneOf(colour) }); else chrome.intro = []; }
  email_doc(): void { writeMail(this.controller); }
  add_web_link(path: string, label = path): void { this.page.add_menu_item(label, () => window.open(path, '_blank', 'noopener')); }

  /**
   * This desk's own: what belongs to the current line of a table, shown beside the form. `tell(row)` gives
   * `[{title, facts: [{label, value, indicator?, href?}]}]`, or a promise of it. Scripts ask whether the name is there.
   */
  set_line_info(table: string, tell: (row: Doc) => Any): void {
    const options = this.controller.grids[table];
    if (!options) return;
    options.lineInfo = async (row) => ((await tell(row)) as Bag[] | undefined ?? []).map(({ title, facts }) => ({
      title: String(title ?? ''),
      facts: (facts as Bag[]).map(({ label, value, indicator, href }) => ({ label: String(label ?? ''), value: String(value ?? ''), ...(indicator ? { tone: toneOf(String(indicator)) } : {}), ...(href ? { href: String(href) } : {}) })),
    }));
  }

  // --- server -------------------------------------------------------------------------------------------------------
  call(first: string | CallOptions, args?: Bag, callback?: Callback): Promise<Any> {
    const options = readCall(first, args, callback);
    const isOwn = !options.doc && !String(options.method ?? '').includes('.');
    return callServer(this.parts.server, isOwn ? { ...options, doc: this.controller.model.payload() } : options);
  }

  /** The ticked rows of each table, by table. */
  selectedChildren(): Record<string, string[]> {
    const chosen = this.meta.tables.map((table): [string, string[]] => [table.fieldname, [...(this.controller.grids[table.fieldname]?.selected ?? [])]]);
    return Object.fromEntries(chosen.filter(([, names]) => names.length > 0));
  }
}
