/** A form's scripts. The scripting layer is loaded only for DocTypes that have a script. */
import type { FormController } from '@/ui/form/controller';
import type { DeskServices } from '@/ui/services';

export interface AttachedScripts {
  /** Runs `refresh` again, after the document or its state changed. */
  refresh(): Promise<void>;
  detach(): void;
}

export interface FormPlace {
  /** Leaves the form without the question about unsaved changes. */
  go(run: () => void): void;
}

const NOTHING: AttachedScripts = { refresh: () => Promise.resolve(), detach: () => undefined };

/** Loads and starts the scripts of a form's DocType and of its child tables. */
export async function attachScripts(desk: DeskServices, form: FormController, place: FormPlace): Promise<AttachedScripts> {
  const children = form.meta.tables.map((table) => form.childMeta(table));
  const hasScripts = desk.boot.include_js.length > 0 || [form.meta, ...children].some((meta) => meta?.data.__js_url);
  if (!hasScripts) return NOTHING;
  const { openFormScripts } = await import('./scripting');
  return openFormScripts(desk, form, place);
}
