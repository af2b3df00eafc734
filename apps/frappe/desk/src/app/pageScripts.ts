/** Pages that scripts draw. The scripting layer is loaded with the first of them. */
import type { DeskServices } from '@/ui/services';

/** What became of a page's script: its handlers, called as upstream calls them. */
export interface OpenScriptPage {
  /** The page is seen (again). */
  show(): void;
  /** Another page takes its place. */
  hide(): void;
}

interface PageDoc { name: string; title?: string; style?: string; __js_url: string }

/** Loads a page and runs its script in `host`, an element of the page's own. Raises `ApiError` when it may not be opened. */
export async function openScriptPage(desk: DeskServices, name: string, host: HTMLElement): Promise<OpenScriptPage> {
  const answer = await desk.api.get('frappe.desk.desk_page.getpage', { name }, { quiet: true });
  const page = (answer.docs as PageDoc[] | undefined)?.[0];
  if (!page) throw new Error(`${name}: no such page`);
  const { runPage } = await import('./scripting/scriptPage');
  return runPage(desk, { name: page.name, address: page.__js_url, style: page.style ?? '' }, host);
}
