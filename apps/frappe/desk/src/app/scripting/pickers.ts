/** Upstream's dialogs that find or make things: several documents at once, a quick entry, files. Invariant: built on the desk's own. */
import { readFilters } from '@/core/filters';
import { __ } from '@/core/i18n';
import { quickEntry } from '@/ui/form/quickEntry';
import { uploadFile } from '@/ui/fields/shared/upload';
import BulkAddDialog from '@/ui/grid/BulkAddDialog.vue';
import type { Option } from '@/ui/base/Combobox.vue';
import type { DeskServices } from '@/ui/services';
import type { Any, Bag, Callback } from './types';

/** `frappe.ui.form.MultiSelectDialog`: `action(names, args)` gets what was ticked. */
export function multiSelectClass(desk: DeskServices): Any {
  return class MultiSelectDialog {
    private readonly close: () => void;
    dialog: Bag;

    constructor(options: Bag) {
      const search = async (txt: string, signal: AbortSignal): Promise<Option[]> => {
        const { filters = {}, query } = ((options.get_query as Callback | undefined)?.() ?? {}) as Bag;
        const set = Object.fromEntries(Object.entries((options.setters ?? {}) as Bag).filter(([, value]) => value && typeof value !== 'object'));
        const args = { doctype: options.doctype as string, txt, page_length: 30, filters: [...readFilters(filters as Bag, options.doctype as string), ...readFilters(set, options.doctype as string)].map((filter) => [filter.doctype, filter.fieldname, filter.operator, filter.value]), ...(query ? { query: query as string } : {}) };
        return ((await desk.api.get<Option[]>('frappe.desk.search.search_link', args, { signal, quiet: true })).message ?? []).map((option) => ({ ...option, label: option.label || option.value }));
      };
      this.close = desk.overlay.open(BulkAddDialog, {
        title: __('Choose: {0}', [__(options.doctype as string)]), search, hasQuantity: false,
        add: async (chosen: { value: string }[]) => void (await ((options.action as Callback | undefined)?.call(this, chosen.map((item) => item.value), {}) as unknown)),
      });
      this.dialog = { hide: () => this.close() };
    }
  };
}

/** `frappe.ui.form.QuickEntryForm`: `setup()` opens it, `after_insert(doc)` hears what was made. */
export function quickEntryClass(desk: DeskServices): Any {
  return class QuickEntryForm {
    constructor(readonly doctype: string, readonly after_insert?: Callback, readonly init_callback?: Callback, readonly doc: Bag = {}) {}

    async setup(): Promise<void> {
      const meta = await desk.metas.load(this.doctype);
      const name = await quickEntry(desk, meta, { ...this.doc });
      if (!name) return;
      const answer = await desk.api.get('frappe.client.get', { doctype: this.doctype, name });
      this.after_insert?.(answer.message);
    }
  };
}

/** `frappe.ui.FileUploader`: asks for files, sends them, hands each to `on_success`. */
export function fileUploaderClass(desk: DeskServices): Any {
  return class FileUploader {
    constructor(options: Bag) {
      const chooser = Object.assign(document.createElement('input'), { type: 'file', multiple: options.allow_multiple !== false });
      const types = ((options.restrictions ?? {}) as Bag).allowed_file_types as string[] | undefined;
      if (types?.length) chooser.accept = types.join(',');
      chooser.addEventListener('change', () => void this.send([...(chooser.files ?? [])], options));
      chooser.click();
    }

    private async send(files: readonly File[], options: Bag): Promise<void> {
      try {
        for (const file of files) {
          const target = { doctype: String(options.doctype ?? ''), docname: String(options.docname ?? ''), isPrivate: options.make_attachments_public !== true, ...(options.fieldname ? { fieldname: options.fieldname as string } : {}) };
          (options.on_success as Callback | undefined)?.(await uploadFile(desk.api, file, target));
        }
      } catch (error) {
        desk.overlay.error(error);
      }
    }
  };
}
