/** `frappe.utils` and other small helpers. */
import { __, locale } from '@/core/i18n';
import { guessTone } from '@/core/status';
import { unscrub } from '@/core/text';
import type { DeskServices } from '@/ui/services';
import type { Any, Bag, Callback } from './types';
import { escapeHtml } from './values';

function join(items: unknown[], word: string): string {
  const texts = items.map(String);
  if (texts.length < 2) return texts.join('');
  return new Intl.ListFormat(locale(), { type: word === 'or' ? 'disjunction' : 'conjunction' }).format(texts);
}

function debounce(work: Callback, wait = 100): Callback {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args: unknown[]) => {
    clearTimeout(timer);
    timer = setTimeout(() => void work(...args), wait);
  };
}

function throttle(work: Callback, wait = 100): Callback {
  let last = 0;
  return (...args: unknown[]) => {
    if (Date.now() - last < wait) return;
    last = Date.now();
    void work(...args);
  };
}

/** `frappe.utils`. */
export function utilities(desk: DeskServices): Bag {
  return {
    escape_html: escapeHtml, unescape_html: (text: string) => new DOMParser().parseFromString(text, 'text/html').documentElement.textContent ?? '', xss_sanitise: escapeHtml,
    icon: () => '', get_random: (length = 8) => Math.random().toString(36).slice(2, 2 + length), play_sound: () => undefined,
    debounce, throttle,
    comma_and: (items: unknown[]) => join(items, 'and'), comma_or: (items: unknown[]) => join(items, 'or'), comma_sep: (items: unknown[]) => items.map(String).join(', '),
    sum: (items: number[]) => items.reduce((sum, item) => sum + item, 0), unique: (items: unknown[]) => [...new Set(items)], deep_equal: (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right),
    filter_dict: (rows: Bag[], filters: Bag) => rows.filter((row) => Object.entries(filters).every(([key, value]) => row[key] === value)),
    to_title_case: unscrub, guess_colour: guessTone, guess_style: guessTone, is_mac: () => /Mac/.test(navigator.platform), is_html: (text: string) => /<[a-z][\s\S]*>/i.test(text),
    get_form_link: (doctype: string, name: string, html = false, label = name) => {
      const href = desk.href({ kind: 'form', doctype, name });
      return html ? `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>` : href;
    },
    get_file_link: (path: string) => encodeURI(path), copy_to_clipboard: (text: string) => navigator.clipboard.writeText(text).then(() => desk.overlay.toast(__('Copied'), 'green', { seconds: 2 })),
    get_query_params: (query = location.search) => Object.fromEntries(new URLSearchParams(query)), get_url_arg: (name: string) => new URLSearchParams(location.search).get(name) ?? '',
    scroll_to: (target: Any) => (target?.jquery ? (target[0] as HTMLElement) : (target as HTMLElement))?.scrollIntoView?.({ block: 'center' }),
    set_title: (title: string) => { document.title = title; }, file_name_ellipsis: (name: string, length: number) => (name.length > length ? `${name.slice(0, length - 1)}…` : name),
    parse_json: (text: unknown) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : text), bind_actions_with_object: () => undefined, warn_page_name_change: () => undefined, set_meta_tag: () => undefined,
    logtypes: ['Error Log'], get_route_label: (name: string) => name, eval: () => { throw new Error('Text cannot be run as code under the Content-Security-Policy'); },
  };
}
