/** The columns of a table that a user has chosen, in upstream's form (`GridView`). Invariant: without a choice the DocType decides. */
import type { DeskServices } from '../services';

type GridView = Record<string, { fieldname: string; columns?: number }[]>;

/** Field names of the chosen columns; empty without a choice. */
export function ownColumns(desk: DeskServices, doctype: string, rowType: string): string[] {
  const view = desk.metas.userSettings(doctype).GridView as GridView | undefined;
  return (view?.[rowType] ?? []).map((column) => column.fieldname);
}

/** Keeps a choice (`null`: none) here at once and on the server. */
export function keepOwnColumns(desk: DeskServices, doctype: string, rowType: string, names: readonly string[] | null): void {
  const view = { ...(desk.metas.userSettings(doctype).GridView as GridView | undefined) };
  if (names) view[rowType] = names.map((fieldname) => ({ fieldname, columns: 2 }));
  else delete view[rowType];
  desk.metas.changeUserSettings(doctype, { GridView: view });
  void desk.api.post('frappe.model.utils.user_settings.save', { doctype, user_settings: JSON.stringify({ GridView: view }) }, { quiet: true }).catch((error: unknown) => desk.overlay.error(error));
}
