/**
 * One field as scripts know it (`frm.fields_dict.sku`, `dialog.get_field("qty")`): its definition, its value, its element.
 * Invariant: `df` is the form's own live field; changing it changes the form at once.
 */
import $ from 'jquery';
import type { Doc } from '@/core/document/types';
import type { DocField } from '@/core/meta/types';
import type { FormController } from '@/ui/form/controller';
import { ensureHtmlSlot } from '@/ui/fields/html/slot';
import type { Grid } from './grid';
import { formatValue } from '@/core/fields/registry';
import type { Any, Bag } from './types';

export class Control {
  get_query: Any;
  get_data: Any;
  onchange: Any;
  grid?: Grid;
  [extra: string]: Any;

  constructor(private readonly form: FormController, readonly df: DocField, private readonly root: () => HTMLElement | null) {}

  get fieldname(): string { return this.df.fieldname; }
  get doctype(): string { return this.form.meta.name; }
  get docname(): string { return this.form.doc.name; }
  get doc(): Doc { return this.form.doc; }
  get value(): unknown { return this.form.doc[this.df.fieldname]; }
  get last_value(): unknown { return this.value; }

  get_value(): unknown { return this.value; }
  get_parsed_value(): unknown { return this.value; }
  get_model_value(): unknown { return this.value; }
  get_input_value(): unknown { return this.value; }
  get_label_value(): string { return formatValue(this.value, this.df, this.form.desk.format, this.form.doc); }

  set_value(value: unknown): Promise<void> { return this.form.setValue(this.df.fieldname, value); }
  set_input(value: unknown): Promise<void> { return this.set_value(value); }
  set_model_value(value: unknown): Promise<void> { return this.set_value(value); }

  /** The form draws itself; there is nothing to do. */
  refresh(): void { /* see above */ }
  refresh_input(): void { /* see above */ }
  set_options(): void { /* see above */ }
  set_description(text: string): void { this.df.description = text; }
  set_new_description(text: string): void { this.df.description = text; }
  set_label(text: string): void { this.df.label = text; }
  set_data(options: unknown): void { this.df.options = options as string; }
  set_focus(): void { this.form.focusField(this.df.fieldname); }
  toggle(show: unknown): void { this.df.hidden = show ? 0 : 1; }
  toggle_description(show: unknown): void { if (!show) this.df.description = ''; }
  set_mandatory(value: unknown): void { this.df.reqd = value ? 1 : 0; }
  set_invalid(): void { this.form.errors.set(this.df.fieldname, String(this.df.label ?? '')); }

  /** The element on the page; of an HTML field the one that scripts fill, which exists before the form is drawn. */
  get wrapper(): HTMLElement | null {
    if (this.df.fieldtype === 'HTML') return ensureHtmlSlot(this.df);
    return this.root()?.querySelector<HTMLElement>(`[data-fieldname="${CSS.escape(this.df.fieldname)}"]`) ?? null;
  }

  get $wrapper(): Any { return $(this.wrapper as HTMLElement); }
  get disp_area(): HTMLElement | null { return this.wrapper; }
  get input(): HTMLElement | null { return this.wrapper?.querySelector<HTMLElement>('input, textarea, select, button') ?? null; }
  get $input(): Any { return $(this.input as HTMLElement); }
  get input_area(): HTMLElement | null { return this.wrapper; }
  get label_area(): HTMLElement | null { return this.wrapper?.querySelector<HTMLElement>('label') ?? null; }

  html(content: Any): void {
    $(ensureHtmlSlot(this.df)).empty().append(content as string);
  }
}

/** All fields by name, made when first asked for. `attach` completes a new one. */
export function controlsOf(form: FormController, root: () => HTMLElement | null, attach: (control: Control) => void): Record<string, Control> {
  const made = new Map<string, Control>();
  const get = (name: string): Control | undefined => {
    const known = made.get(name);
    if (known) return known;
    const field = form.field(name);
    if (!field) return undefined;
    const control = new Control(form, field, root);
    attach(control);
    made.set(name, control);
    return control;
  };
  return new Proxy({} as Bag, {
    get: (_target, name) => (typeof name === 'string' ? get(name) : undefined),
    has: (_target, name) => form.field(String(name)) !== undefined,
    ownKeys: () => form.fields.map((field) => field.fieldname),
    getOwnPropertyDescriptor: (_target, name) => ({ configurable: true, enumerable: true, value: get(String(name)) }),
  });
}
