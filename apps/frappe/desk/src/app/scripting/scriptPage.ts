/**
 * Runs the script of a `Page`: `frappe.pages[name]` is the page's element, with `on_page_load`, `on_page_show`, `on_page_hide`
 * and `refresh` on it, as upstream has it. Invariant: `on_page_load` runs once for each time the element is made.
 */
import $ from 'jquery';
import type { DeskServices } from '@/ui/services';
import type { OpenScriptPage } from '../pageScripts';
import { loadIncludes } from './index';
import { loadScript } from './loader';
import { ensureRuntime } from './runtime';
import type { Bag, Callback } from './types';

export interface PageFiles { name: string; address: string; style: string }

const EVENTS = ['on_page_load', 'on_page_show', 'on_page_hide', 'refresh'] as const;

/** Makes the page in `host` and gives its events. */
export async function runPage(desk: DeskServices, { name, address, style }: PageFiles, host: HTMLElement): Promise<OpenScriptPage> {
  const { frappe } = ensureRuntime(desk);
  const world = window as unknown as Bag;
  const pages = frappe.pages as Record<string, Bag>;
  const wrapper = host as unknown as Bag;
  await loadIncludes(desk);
  // A page that was left and is made anew: its file is not run again, so its handlers go over to the new element.
  for (const event of EVENTS) if (pages[name]?.[event]) wrapper[event] = pages[name][event];
  pages[name] = wrapper;
  wrapper.page_name = name;
  if (style) $('<style></style>').text(style).prependTo(host);
  await loadScript(address);
  const tell = (event: (typeof EVENTS)[number]): void => {
    const handler = pages[name]?.[event];
    if (typeof handler === 'function') (handler as Callback).call(wrapper, wrapper);
  };
  // Only now is it known that the page can be drawn; a file that replaced the entry keeps its element.
  if (pages[name] !== wrapper) pages[name] = Object.assign(wrapper, pick(pages[name] ?? {}));
  world.cur_page = { page: wrapper, page_name: name };
  tell('on_page_load');
  $(host).trigger('load');
  return {
    show() {
      world.cur_page = { page: wrapper, page_name: name };
      frappe.container = { page: wrapper };
      tell('on_page_show');
      tell('refresh');
      $(host).trigger('show');
    },
    hide() {
      tell('on_page_hide');
      $(host).trigger('hide');
    },
  };
}

const pick = (entry: Bag): Bag => Object.fromEntries(EVENTS.filter((event) => entry[event]).map((event) => [event, entry[event]]));
