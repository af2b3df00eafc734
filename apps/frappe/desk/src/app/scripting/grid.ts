/** A child table's grid as scripts know it (`frm.fields_dict.items.grid`). */
import $ from 'jquery';
import type { Doc } from '@/core/document/types';
import type { DocField } from '@/core/meta/types';
import type { FormController } from '@/ui/form/controller';
import { reportMissing } from './missing';
import type { Any, Callback } from './types';

export interface GridParts {
  form: FormController;
  frm: Any;
  table: DocField;
  root: () => HTMLElement | null;
  /** Where a child field's query is kept. */
  queries: Map<string, Any>;
}

/** A row as scripts know it. */
export interface GridRow { doc: Doc; frm: Any; grid: Grid; docfields: DocField[]; wrapper: Any; row: Any; toggle_view(open?: boolean): void; get_field(fieldname: string): Any; refresh(): void; toggle_editable(fieldname: string, on: boolean): void; remove(): void }

export class Grid {
  private readonly parts: GridParts;
  editable_fields: Any = null;
  [extra: string]: Any;

  constructor(parts: GridParts) {
    this.parts = parts;
  }

  get frm(): Any { return this.parts.frm; }
  get df(): DocField { return this.parts.table; }
  get doctype(): string { return String(this.parts.table.options); }
  get docfields(): DocField[] { return this.parts.form.childFields[this.name] ?? []; }
  get fields_map(): Record<string, DocField> { return Object.fromEntries(this.docfields.map((field) => [field.fieldname, field])); }
  get data(): Doc[] { return this.parts.form.model.rows(this.name); }
  private get name(): string { return this.parts.table.fieldname; }
  private get options(): Any { return this.parts.form.grids[this.name]; }
  private field(fieldname: string): DocField | undefined { return this.docfields.find((field) => field.fieldname === fieldname); }

  get cannot_add_rows(): boolean { return this.options.cannotAdd as boolean; }
  set cannot_add_rows(value: unknown) { this.options.cannotAdd = Boolean(value); }
  get cannot_delete_rows(): boolean { return this.options.cannotDelete as boolean; }
  set cannot_delete_rows(value: unknown) { this.options.cannotDelete = Boolean(value); }

  get wrapper(): Any { return $(this.parts.root()?.querySelector(`[data-fieldname="${CSS.escape(this.name)}"]`) as HTMLElement); }

  /** A column: its `get_query` may be set, its `df` changed. */
  get_field(fieldname: string): Any {
    const { queries } = this.parts;
    const key = `${this.name}/${fieldname}`;
    return {
      df: this.field(fieldname), fieldname,
      get get_query(): Any { return queries.get(key); },
      set get_query(query: Any) { queries.set(key, query); },
    };
  }

  update_docfield_property(fieldname: string, property: string, value: unknown): void {
    const field = this.field(fieldname);
    if (field) field[property] = value;
  }

  get_docfield(fieldname: string): DocField | undefined { return this.field(fieldname); }
  set_column_disp(fieldnames: string | string[], show: unknown): void { [fieldnames].flat().forEach((name) => this.update_docfield_property(name, 'hidden', show ? 0 : 1)); }
  toggle_reqd(fieldname: string, on: unknown): void { this.update_docfield_property(fieldname, 'reqd', on ? 1 : 0); }
  toggle_enable(fieldname: string, on: unknown): void { this.update_docfield_property(fieldname, 'read_only', on ? 0 : 1); }
  toggle_display(fieldname: string, on: unknown): void { this.update_docfield_property(fieldname, 'hidden', on ? 0 : 1); }

  get_selected_children(): Doc[] { return this.data.filter((row) => (this.options.selected as Set<string>).has(row.name)); }
  get_selected(): string[] { return this.get_selected_children().map((row) => row.name); }

  get grid_rows(): GridRow[] { return this.data.map((doc) => this.row(doc)); }
  get grid_rows_by_docname(): Record<string, GridRow> { return Object.fromEntries(this.data.map((doc) => [doc.name, this.row(doc)])); }
  get_row(key: string | number): GridRow | undefined { return typeof key === 'number' ? this.grid_rows.at(key) : this.grid_rows_by_docname[key]; }

  private row(doc: Doc): GridRow {
    return {
      doc, frm: this.frm, grid: this, docfields: this.docfields, wrapper: $(), row: $(),
      toggle_view: () => this.frm.open_grid_row?.(doc),
      get_field: (fieldname) => this.get_field(fieldname),
      refresh: () => undefined,
      toggle_editable: (fieldname, on) => this.toggle_enable(fieldname, on),
      remove: () => this.parts.form.model.removeRows(this.name, [doc.name]),
    };
  }

  add_new_row(index?: number, callback?: Callback): Doc {
    const [row] = this.parts.form.model.addRows(this.name, [{}], index === undefined ? undefined : index - 1);
    callback?.(row);
    return row!;
  }

  remove_all(): void { this.parts.form.model.removeRows(this.name, this.data.map((row) => row.name)); }
  set_value(fieldname: string, value: unknown, doc: Doc): Promise<void> { return this.parts.form.setValue(fieldname, value, { table: this.name, row: doc }); }
  add_custom_button(label: string, run: Callback): Any { this.options.buttons.push({ label, group: null, tone: 'plain', run: () => run() }); return $(); }
  clear_custom_buttons(): void { this.options.buttons.splice(0); }
  only_sortable(): void { this.cannot_add_rows = true; this.cannot_delete_rows = true; }
  refresh(): void { /* The grid draws itself when its rows change. */ }
  refresh_field(): void { /* ditto */ }
  setup_visible_columns(): void { /* ditto */ }
  reset_grid(): void { /* ditto */ }
  set_multiple_add(): void { reportMissing('grid.set_multiple_add'); }
}

