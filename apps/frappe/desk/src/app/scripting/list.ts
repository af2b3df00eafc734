/** `listview` as list scripts know it, and the settings they leave in `frappe.listview_settings`. */
import { readFilters } from '@/core/filters';
import type { Meta } from '@/core/meta/meta';
import type { ChromeButton } from '@/ui/form/chrome';
import type { ListSettings } from '@/ui/list/controller';
import type { DeskServices } from '@/ui/services';
import type { ListChrome, OpenList } from '../listScripts';
import { watched } from './missing';
import { buttonHandle } from './page';
import { callServer, type ServerParts } from './server';
import type { Any, Bag, Callback } from './types';

/** The settings without what only upstream's own list can use. */
export function readSettings(given: Bag | undefined): ListSettings {
  return (given ?? {}) as ListSettings;
}

/** The list view object that `onload(listview)` gets. */
export function listView(desk: DeskServices, server: ServerParts, meta: Meta, chrome: ListChrome, list: OpenList, settings: ListSettings): Bag {
  const button = (label: string, run: Callback): ChromeButton => ({ label, group: null, tone: 'plain', run: () => void run() });
  const names = (): string[] => list.controller.selectedRows.map((row) => row.name);
  const page = watched('listview.page', {
    add_inner_button: (label: string, run: Callback) => { chrome.buttons.push(button(label, run)); return buttonHandle(null); },
    add_button: (label: string, run: Callback) => { chrome.buttons.push(button(label, run)); return buttonHandle(null); },
    add_menu_item: (label: string, run: Callback) => { chrome.menu.push(button(label, run)); return buttonHandle(null); },
    add_action_item: (label: string, run: Callback) => { chrome.actions.push(button(label, run)); return buttonHandle(null); },
    add_actions_menu_item: (label: string, run: Callback) => { chrome.actions.push(button(label, run)); return buttonHandle(null); },
    set_primary_action: (label: string, run: Callback) => { chrome.buttons.push({ ...button(label, run), tone: 'primary' }); return buttonHandle(null); },
    remove_inner_button: (label: string) => { chrome.buttons = chrome.buttons.filter((item) => item.label !== label); },
    clear_inner_toolbar: () => { chrome.buttons = []; }, clear_menu: () => { chrome.menu = []; }, set_title: () => undefined, add_custom_button_group: () => buttonHandle(null),
  });
  return watched('listview', {
    doctype: meta.name, meta, page, settings,
    get data() { return list.controller.rows.value; },
    get_checked_items: (onlyNames?: boolean) => (onlyNames ? names() : list.controller.selectedRows),
    clear_checked_items: () => list.controller.selected.clear(),
    refresh: () => list.reload(),
    call_for_selected_items: async (method: string, args: Bag = {}) => {
      await callServer(server, { method, args: { ...args, names: names() }, freeze: true });
      list.controller.selected.clear();
      list.reload();
    },
    filter_area: {
      add: (filters: unknown) => list.setFilters([...list.state().filters, ...readFilters(Array.isArray(filters) && !Array.isArray(filters[0]) ? [filters] : filters, meta.name)]),
      clear: () => list.setFilters([]), get: () => list.state().filters.map(({ doctype, fieldname, operator, value }) => [doctype, fieldname, operator, value]),
    },
    can_create: desk.boot.user.can_create.includes(meta.name),
  }) as Any;
}
