/** A list's script settings. The scripting layer is loaded only for DocTypes that have a list script. */
import { reactive } from 'vue';
import type { Filter } from '@/core/filters';
import type { ListState } from '@/core/list/query';
import type { Meta } from '@/core/meta/meta';
import type { ChromeButton } from '@/ui/form/chrome';
import type { ListController, ListSettings } from '@/ui/list/controller';
import type { DeskServices } from '@/ui/services';

/** What a list script puts around the list. */
export interface ListChrome { buttons: ChromeButton[]; menu: ChromeButton[]; actions: ChromeButton[] }

export interface OpenList {
  controller: ListController;
  state(): ListState;
  reload(): void;
  setFilters(filters: Filter[]): void;
}

export interface ListExtension {
  settings: ListSettings;
  chrome: ListChrome;
  attach(list: OpenList): void;
  /** The first rows are there. */
  loaded(): void;
}

/** The extension of a DocType's list; an empty one when it has no script. */
export async function listExtension(desk: DeskServices, meta: Meta): Promise<ListExtension> {
  const chrome = reactive<ListChrome>({ buttons: [], menu: [], actions: [] });
  if (!meta.data.__list_js_url && !meta.data.__tree_js_url) return { settings: {}, chrome, attach: () => undefined, loaded: () => undefined };
  const { openListScripts } = await import('./scripting');
  return openListScripts(desk, meta, chrome);
}
