/** `frappe.ui.Dialog`: a dialog drawn from fields that a script opens, fills and closes. */
import $ from 'jquery';
import { reactive } from 'vue';
import { __ } from '@/core/i18n';
import type { DocField } from '@/core/meta/types';
import { fieldsForm, linkQueryOf, valuesOf } from '@/ui/form/dialogs';
import type { FormController, LinkQuery } from '@/ui/form/controller';
import type { DeskServices } from '@/ui/services';
import { controlsOf, type Control } from './control';
import { Grid } from './grid';
import { buttonHandle } from './page';
import ScriptDialog from './ScriptDialog.vue';
import type { Any, Bag, Callback } from './types';

export interface DialogState { title: string; size: string; message: string; primary: { label: string; disabled: boolean } | null; secondary: { label: string } | null; fixed: boolean }

const SIZES: Record<string, string> = { small: 'small', large: 'large', 'extra-large': 'huge' };

/** The class for one desk; `opened` is told of dialogs as they come and go (for `cur_dialog`). */
// eslint-disable-next-line max-lines-per-function -- a class that closes over its desk; its methods are one line each
export function dialogClass(desk: DeskServices, opened: (dialog: unknown) => void): Any {
  return class Dialog {
    readonly form: FormController;
    readonly fields_dict: Record<string, Control>;
    readonly state: DialogState;
    primary_action: Callback | undefined;
    secondary_action: Callback | undefined;
    onhide: Callback | undefined;
    on_page_show: Callback | undefined;
    is_visible = false;
    display = false;
    body: HTMLElement = document.createElement('div');
    private element: HTMLElement | null = null;
    private close: (() => void) | null = null;

    constructor(readonly options: Bag) {
      const fields = (options.fields ?? []) as DocField[];
      this.form = fieldsForm(desk, fields, (options.doc as Bag | undefined) ?? {});
      this.fillTables(fields);
      this.primary_action = options.primary_action as Callback | undefined;
      this.secondary_action = options.secondary_action as Callback | undefined;
      this.onhide = (options.onhide ?? options.on_hide) as Callback | undefined;
      this.state = reactive({
        title: String(options.title ?? ''), size: SIZES[String(options.size ?? '')] ?? 'normal', message: '', fixed: Boolean(options.static),
        primary: this.primary_action ? { label: String(options.primary_action_label ?? __('Submit')), disabled: false } : null,
        secondary: options.secondary_action_label || this.secondary_action ? { label: String(options.secondary_action_label ?? __('Close', null, 'Desk')) } : null,
      });
      this.fields_dict = controlsOf(this.form, () => this.element, (control) => this.complete(control));
      this.form.extension = {
        beforeSave: () => Promise.resolve(true), afterSave: () => Promise.resolve(),
        linkQuery: (field, row) => this.query(field, row),
        press: async (field) => { const handler = field.click ?? field.onclick; if (typeof handler === 'function') await (handler as Callback).call(this, this); return true; },
        afterChange: async ({ fieldname }) => this.fieldChanged(fieldname),
      };
    }

    private fillTables(fields: DocField[]): void {
      for (const table of fields.filter((field) => field.fieldtype === 'Table')) {
        const given = (typeof table.get_data === 'function' ? (table.get_data as Callback)() : table.data) as Bag[] | undefined;
        if (given?.length) this.form.model.addRows(table.fieldname, given);
        const options = this.form.grids[table.fieldname];
        if (options) Object.assign(options, { cannotAdd: Boolean(table.cannot_add_rows), cannotDelete: Boolean(table.cannot_delete_rows) });
      }
    }

    private complete(control: Control): void {
      control.get_query = control.df.get_query;
      control.onchange = control.df.onchange ?? control.df.change;
      if (control.df.fieldtype === 'Table') control.grid = new Grid({ form: this.form, frm: this, table: control.df, root: () => this.element, queries: new Map() });
    }

    private query(field: DocField, row: unknown): LinkQuery | null {
      const query: unknown = (row ? field.get_query : this.fields_dict[field.fieldname]?.get_query) ?? field.get_query ?? field.filters;
      return linkQueryOf(query, row ?? this.form.doc);
    }

    private async fieldChanged(fieldname: string): Promise<void> {
      const control = this.fields_dict[fieldname];
      const handler: unknown = control?.onchange ?? control?.df.onchange ?? control?.df.change;
      if (typeof handler === 'function') await (handler as Callback).call(control);
    }

    show(): this {
      if (this.is_visible) return this;
      this.is_visible = this.display = true;
      this.close = desk.overlay.open(ScriptDialog, {
        form: this.form, state: this.state,
        onBody: (element: HTMLElement) => { this.element = element; element.querySelector('.script-body')?.append(this.body); },
        onPrimary: () => void this.runPrimary(), onSecondary: () => (this.secondary_action ? this.secondary_action() : this.hide()), onClose: () => this.hidden(),
      });
      opened(this);
      this.on_page_show?.();
      return this;
    }

    private async runPrimary(): Promise<void> {
      await this.form.settle();
      this.form.clearErrors();
      if (!this.form.checkRequired()) return;
      await (this.primary_action?.call(this, this.get_values() ?? {}) as unknown);
    }

    hide(): void {
      this.close?.();
      this.hidden();
    }

    private hidden(): void {
      if (!this.is_visible) return;
      this.is_visible = this.display = false;
      opened(null);
      this.onhide?.();
    }

    get doc(): Bag { return this.form.doc; }
    get fields(): DocField[] { return this.form.fields; }
    get fields_list(): Control[] { return this.form.fields.map((field) => this.fields_dict[field.fieldname]!); }
    get title(): string { return this.state.title; }
    get $wrapper(): Any { return $((this.element ?? this.body) as HTMLElement); }
    get wrapper(): HTMLElement { return this.element ?? this.body; }
    get $body(): Any { return $(this.body); }
    get modal_body(): Any { return $(this.body); }
    get footer(): Any { return $(this.element?.querySelector('footer') as HTMLElement); }
    get header(): Any { return $(this.element?.querySelector('header') as HTMLElement); }
    get_field(fieldname: string): Control | undefined { return this.fields_dict[fieldname]; }
    has_field(fieldname: string): boolean { return this.form.field(fieldname) !== undefined; }
    get_input(fieldname: string): Any { return this.fields_dict[fieldname]?.$input; }
    get_value(fieldname: string): unknown { return this.form.doc[fieldname]; }
    /** All values with something in them; `null` when a required one is missing, unless errors are to be ignored. */
    get_values(ignoreErrors?: boolean): Bag | null {
      if (!ignoreErrors && !this.form.checkRequired()) return null;
      return Object.fromEntries(Object.entries(valuesOf(this.form)).filter(([, value]) => value !== '' && value !== null && value !== undefined));
    }
    set_value(fieldname: string, value: unknown): Promise<void> { return this.form.setValue(fieldname, value); }
    async set_values(values: Bag): Promise<void> { for (const [fieldname, value] of Object.entries(values)) await this.set_value(fieldname, value); }
    set_df_property(fieldname: string, property: string, value: unknown): void { const field = this.form.field(fieldname); if (field) field[property] = value; }
    set_query(fieldname: string, query: unknown): void { const control = this.fields_dict[fieldname]; if (control) control.get_query = query; }
    toggle_display(fieldname: string, on: unknown): void { this.set_df_property(fieldname, 'hidden', on ? 0 : 1); }
    set_title(title: string): void { this.state.title = title; }
    set_message(text: string): void { this.state.message = text; }
    clear_message(): void { this.state.message = ''; }
    set_primary_action(label: string, run: Callback): void { this.state.primary = { label, disabled: false }; this.primary_action = run; }
    set_secondary_action(run: Callback): void { this.state.secondary ??= { label: __('Close', null, 'Desk') }; this.secondary_action = run; }
    set_secondary_action_label(label: string): void { this.state.secondary = { label }; }
    disable_primary_action(): void { if (this.state.primary) this.state.primary.disabled = true; }
    enable_primary_action(): void { if (this.state.primary) this.state.primary.disabled = false; }
    get_primary_btn(): Any { return primaryHandle(this.state); }
    get_secondary_btn(): Any { return buttonHandle(null); }
    get_close_btn(): Any { return buttonHandle(null); }
    add_custom_action(label: string, run: Callback): void { this.set_secondary_action(run); this.set_secondary_action_label(label); }
    clear(): void { for (const field of this.form.fields) this.form.model.set(field.fieldname, ''); }
    refresh(): void { /* The dialog draws itself. */ }
    refresh_dependency(): void { /* ditto */ }
    focus_on_first_input(): void { this.element?.querySelector<HTMLElement>('input, select, textarea')?.focus(); }
  };
}

/** What scripts do with the primary button: lock it, rename it, hide it. */
function primaryHandle(state: DialogState): Any {
  const handle: Bag = {
    prop: (name: string, value: unknown) => { if (name === 'disabled' && state.primary) state.primary.disabled = Boolean(value); return handle; },
    attr: (name: string, value: unknown) => handle.prop(name, value) as unknown,
    removeAttr: () => { if (state.primary) state.primary.disabled = false; return handle; },
    text: (label: string) => { if (state.primary) state.primary.label = label; return handle; },
    html: (label: string) => handle.text(label) as unknown,
    hide: () => { state.primary = null; return handle; },
    show: () => handle, addClass: () => handle, removeClass: () => handle, toggle: () => handle, toggleClass: () => handle, focus: () => handle, click: () => handle, on: () => handle, length: 1,
  };
  return handle;
}
