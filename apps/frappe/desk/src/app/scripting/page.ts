/** The parts around a form's fields as scripts know them: `frm.page` and `frm.dashboard`. They write into the form's chrome. */
import $ from 'jquery';
import { toneOf, type Tone } from '@/core/status';
import type { ChromeButton, FormChrome } from '@/ui/form/chrome';
import { watched } from './missing';
import type { Any, Bag, Callback } from './types';

/** A handle on a button, for what scripts do with what upstream gives them: a jQuery object. */
export function buttonHandle(button: ChromeButton | null): Any {
  const handle: Bag = {
    addClass: (names: string) => { if (button && /btn-primary/.test(names)) button.tone = 'primary'; if (button && /btn-danger/.test(names)) button.tone = 'danger'; return handle; },
    removeClass: () => { if (button) button.tone = 'plain'; return handle; },
    toggleClass: () => handle, attr: () => handle, css: () => handle, prop: () => handle, on: () => handle, find: () => handle, html: () => handle, text: () => handle,
    hide: () => handle, show: () => handle, click: () => { button?.run(); return handle; }, toggle: () => handle, length: 1,
  };
  return handle;
}

/** `frm.page` (and what a list shares with it). */
export function pageOf(chrome: FormChrome, root: () => HTMLElement | null, addField: (df: Bag) => Any = () => null): Bag {
  const add = (label: string, run: Callback, group: string | null = null): Any => {
    const button: ChromeButton = { label, group, tone: 'plain', run: () => void run() };
    chrome.buttons.push(button);
    return buttonHandle(button);
  };
  return watched('frm.page', {
    set_primary_action: (label: string, run: Callback) => { chrome.primary = { label, run: () => void run() }; return buttonHandle(null); },
    clear_primary_action: () => { chrome.primary = null; },
    set_secondary_action: (label: string, run: Callback) => { chrome.secondary = { label, run: () => void run() }; return buttonHandle(null); },
    clear_secondary_action: () => { chrome.secondary = null; },
    clear_actions: () => { chrome.primary = null; chrome.secondary = null; },
    set_indicator: (label: string, colour: string) => { chrome.indicator = { label, tone: toneOf(colour) }; },
    clear_indicator: () => { chrome.indicator = null; },
    set_title: (title: string) => { chrome.title = title; },
    set_inner_btn_group_as_primary: (group: string) => { chrome.primaryGroup = group; },
    add_inner_button: (label: string, run: Callback, group?: string) => add(label, run, group ?? null),
    add_button: (label: string, run: Callback) => add(label, run),
    remove_inner_button: (label: string, group?: string) => { chrome.buttons = chrome.buttons.filter((button) => button.label !== label || (group && button.group !== group)); },
    clear_inner_toolbar: () => { chrome.buttons = []; },
    add_menu_item: (label: string, run: Callback) => { chrome.menu.push({ label, group: null, tone: 'plain', run: () => void run() }); return buttonHandle(null); },
    add_action_item: (label: string, run: Callback) => add(label, run),
    add_field: addField,
    clear_menu: () => { chrome.menu = []; },
    hide_icon_group: () => undefined, show_icon_group: () => undefined, hide_menu: () => undefined, show_menu: () => undefined, set_title_sub: () => undefined, add_action_icon: () => buttonHandle(null),
    get btn_primary() { return buttonHandle(null); },
    get btn_secondary() { return buttonHandle(null); },
    get wrapper() { return $(root() as HTMLElement); },
    get main() { return $(root() as HTMLElement); },
    get body() { return $(root() as HTMLElement); },
  });
}

/** `frm.dashboard`. */
export function dashboardOf(chrome: FormChrome): Bag {
  const headline = (text: string | null, colour: string = 'blue'): void => { chrome.headline = text ? { text, tone: toneOf(colour) } : null; };
  const progress = (title: string, percent: number, message = ''): void => {
    const known = chrome.progress.find((bar) => bar.title === title);
    if (known) Object.assign(known, { percent, message });
    else chrome.progress.push({ title, percent, message });
  };
  return watched('frm.dashboard', {
    add_indicator: (label: string, colour: string) => { chrome.indicators.push({ label, tone: toneOf(colour) }); return buttonHandle(null); },
    set_headline: (text: string, colour?: string) => headline(text, colour),
    set_headline_alert: (text: string, colour?: string) => headline(text, colour),
    clear_headline: () => headline(null),
    add_comment: (text: string, colour: string) => { chrome.intro.push({ text, tone: toneOf(colour) as Tone }); },
    clear_comment: () => { chrome.intro = []; },
    add_section: (html: string) => { chrome.intro.push({ text: String(html), tone: 'gray' }); return $(); },
    add_progress: (title: string, percent: number | { width: string; title?: string }[], message = '') => progress(title, Array.isArray(percent) ? percent.reduce((sum, part) => sum + Number.parseFloat(part.width), 0) : Number(percent), message),
    show_progress: (title: string, percent: number, message = '') => progress(title, percent, message),
    hide_progress: (title?: string) => { chrome.progress = title ? chrome.progress.filter((bar) => bar.title !== title) : []; },
    reset: () => Object.assign(chrome, { indicators: [], progress: [], headline: null }),
    clear: () => Object.assign(chrome, { indicators: [], progress: [], headline: null }),
    show: () => undefined, hide: () => undefined, refresh: () => undefined,
  });
}
