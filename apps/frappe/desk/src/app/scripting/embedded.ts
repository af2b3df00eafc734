/**
 * Fields that a script puts into an element of its own: `frappe.ui.form.make_control` and `frappe.ui.FieldGroup`.
 * Invariant: they are drawn by the same components as a form's, and gone with the element they stand in.
 */
import $ from 'jquery';
import { createApp, h, markRaw } from 'vue';
import type { DocField } from '@/core/meta/types';
import { FORM, type FormController } from '@/ui/form/controller';
import { fieldsForm, valuesOf } from '@/ui/form/dialogs';
import FormLayout from '@/ui/form/FormLayout.vue';
import { DESK, type DeskServices } from '@/ui/services';
import { controlsOf, type Control } from './control';
import type { Any, Bag } from './types';

/** Draws a form's fields at the end of `parent` (an element or a jQuery object); gives the element they stand in. */
function draw(desk: DeskServices, form: FormController, parent: Any): HTMLElement {
  const host = document.createElement('div');
  ($(parent as HTMLElement)[0] ?? document.createElement('div')).append(host);
  createApp({ render: () => h(FormLayout, { fields: form.fields }) }).provide(DESK, desk).provide(FORM, markRaw(form)).mount(host);
  return host;
}

/** Lets `onchange` and `get_query` of the fields work as in a dialog. */
function listen(form: FormController, controls: Record<string, Control>): void {
  form.extension = {
    beforeSave: () => Promise.resolve(true), afterSave: () => Promise.resolve(), press: () => Promise.resolve(true),
    linkQuery: (field) => {
      const query: unknown = controls[field.fieldname]?.get_query ?? field.get_query;
      const given: unknown = typeof query === 'function' ? (query as () => unknown)() : query;
      return given !== null && typeof given === 'object' ? (given as Bag) : null;
    },
    afterChange: async ({ fieldname }) => {
      const control = controls[fieldname];
      const handler: unknown = control?.onchange ?? control?.df.onchange ?? control?.df.change;
      if (typeof handler === 'function') await (handler as Any).call(control);
    },
  };
}

/** `frappe.ui.form.make_control({ df, parent })`. */
export function makeControl(desk: DeskServices, { df, parent, value }: Bag): Control {
  const form = fieldsForm(desk, [df as DocField], value === undefined ? {} : { [String((df as DocField).fieldname)]: value });
  let host: HTMLElement | null = null;
  const controls = controlsOf(form, () => host, () => undefined);
  listen(form, controls);
  host = draw(desk, form, parent);
  return controls[form.fields[0]!.fieldname]!;
}

/** The class `frappe.ui.FieldGroup`. */
export function fieldGroupClass(desk: DeskServices): Any {
  return class FieldGroup {
    readonly form: FormController;
    readonly fields_dict: Record<string, Control>;
    wrapper: HTMLElement | null = null;

    constructor(private readonly options: Bag) {
      this.form = fieldsForm(desk, (options.fields ?? []) as DocField[]);
      this.fields_dict = controlsOf(this.form, () => this.wrapper, () => undefined);
      listen(this.form, this.fields_dict);
    }

    make(): void { this.wrapper = draw(desk, this.form, this.options.body ?? this.options.parent); }
    get doc(): Bag { return this.form.doc; }
    get fields_list(): Control[] { return this.form.fields.map((field) => this.fields_dict[field.fieldname]!); }
    get_field(fieldname: string): Control | undefined { return this.fields_dict[fieldname]; }
    get_value(fieldname: string): unknown { return this.form.doc[fieldname]; }
    set_value(fieldname: string, value: unknown): Promise<void> { return this.form.setValue(fieldname, value); }
    async set_values(values: Bag): Promise<void> { for (const [fieldname, value] of Object.entries(values)) await this.set_value(fieldname, value); }
    get_values(ignoreErrors?: boolean): Bag | null { return ignoreErrors || this.form.checkRequired() ? valuesOf(this.form) : null; }
    set_df_property(fieldname: string, property: string, value: unknown): void { const field = this.form.field(fieldname); if (field) field[property] = value; }
    refresh(): void { /* The fields draw themselves. */ }
  };
}
