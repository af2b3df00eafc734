/**
 * The global world of scripts: `frappe`, `cur_frm`, `locals`, `__`, `$` and the helper functions, made once.
 * Invariant: names are upstream's; what isn't there is reported once by name.
 */
import { describedBy } from '@/core/meta/store';
import $ from 'jquery';
import moment from 'moment';
import type { Doc } from '@/core/document/types';
import { __ } from '@/core/i18n';
import { toQuery, readFilters } from '@/core/filters';
import { routeFromArguments } from '@/core/routes';
import { scrub, unscrub } from '@/core/text';
import type { DocField } from '@/core/meta/types';
import { openPost } from '@/ui/openPost';
import type { DeskServices } from '@/ui/services';
import { leaveDocument } from '../handover';
import { datetimeNamespace } from './datetime';
import { dialogClass } from './dialog';
import { chartClass, contactsNamespace, dataTableClass, makeAppPage, templateRenderer } from './drawing';
import { fieldGroupClass, makeControl } from './embedded';
import type { Frm } from './form';
import { HandlerBook } from './handlers';
import { loadAsset } from './loader';
import { LocalDocs } from './locals';
import { messageNamespace } from './messages';
import { watched } from './missing';
import { metaNamespace, modelNamespace, permissionNamespace, type ModelParts } from './model';
import { fileUploaderClass, multiSelectClass, quickEntryClass } from './pickers';
import { realtimeNamespace } from './realtime';
import { callServer, databaseNamespace, readCall, type CallOptions, type ServerParts } from './server';
import type { Any, Bag, Callback } from './types';
import { utilities } from './utilities';
import { formatAsHtml, formatCurrency, precisionGlobal, valueGlobals } from './values';

export interface Runtime {
  frappe: Bag;
  book: HandlerBook;
  docs: LocalDocs;
  server: ServerParts;
  validated: { value: boolean };
  frms: Map<string, Frm>;
  setOpenForm(frm: Frm | null): void;
  setOpenList(list: unknown): void;
}

const runtimes = new WeakMap<DeskServices, Runtime>();

/** The world of scripts over this desk; made and put on `window` at the first call. */
export function ensureRuntime(desk: DeskServices): Runtime {
  const known = runtimes.get(desk);
  if (known) return known;
  const made = install(desk);
  runtimes.set(desk, made);
  return made;
}

function install(desk: DeskServices): Runtime {
  const docs = new LocalDocs();
  const book = new HandlerBook();
  const validated = { value: true };
  let open: Frm | null = null;
  const world = window as unknown as Bag;
  const messages = messageNamespace(desk);
  const take = (given: Doc[]): void => {
    for (const doc of given) {
      const shaped = describedBy(doc);
      if (shaped && shaped !== open?.doctype) desk.metas.forget(shaped);
      if (open && doc.doctype === open.doctype && doc.name === open.doc.name) open.controller.model.adopt(doc);
      else docs.keep(doc);
    }
  };
  const parts: ModelParts = { desk, docs, take, freeze: messages.freeze as () => void, unfreeze: messages.unfreeze as () => void, openForm: () => open };
  const frappe = watched('frappe', { ...messages, ...callParts(parts), ...userParts(desk), ...placeParts(desk, docs, world), ...containers(), ...smallParts(desk) });
  Object.assign(frappe, {
    model: watched('frappe.model', modelNamespace(parts)), meta: watched('frappe.meta', metaNamespace(parts)), perm: watched('frappe.perm', permissionNamespace(parts)),
    db: watched('frappe.db', databaseNamespace(parts)), datetime: watched('frappe.datetime', datetimeNamespace(desk.format)), utils: watched('frappe.utils', utilities(desk)),
    ui: watched('frappe.ui', uiParts(desk, book, world)), get_doc: (doctype: string, name: string) => docs.get(doctype, name) ?? null, get_meta: (doctype: string) => desk.metas.peek(doctype)?.data ?? null,
    get_list: (doctype: string) => Object.values(docs.all(doctype)),
    Chart: chartClass(desk), DataTable: dataTableClass(desk), contacts: contactsNamespace(desk), render_template: templateRenderer(() => frappe.templates as Bag, () => ({ __, frappe, ...valueGlobals(desk) })),
  });
  Object.defineProperty(frappe, 'validated', { get: () => validated.value, set: (value: unknown) => { validated.value = Boolean(value); } });
  putGlobals(desk, world, frappe, docs, parts);
  return {
    frappe, book, docs, server: parts, validated, frms: new Map(),
    setOpenForm(frm) {
      open = frm;
      docs.setOpen(frm?.controller.model ?? null);
      world.cur_frm = frm;
    },
    setOpenList(list) { world.cur_list = list; },
  };
}

function callParts(parts: ModelParts): Bag {
  const call = (first: string | CallOptions, args?: Bag, callback?: Callback): Promise<Any> => callServer(parts, readCall(first, args, callback));
  return {
    call,
    xcall: (method: string, args?: Bag, type?: string) => callServer(parts, { method, ...(args ? { args } : {}), ...(type ? { type } : {}) }).then((answer) => answer.message),
    after_ajax: (run: Callback) => void parts.desk.api.whenIdle().then(() => run()),
    require: async (assets: string | string[], callback?: Callback) => { for (const asset of [assets].flat()) await loadAsset(asset); callback?.(); },
    run_serially: (tasks: (Callback | unknown)[]) => tasks.reduce<Promise<unknown>>((before, task) => before.then(() => (typeof task === 'function' ? (task as Callback)() as unknown : task)), Promise.resolve()),
    timeout: (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    request: { ajax_count: 0, url: '/', report_error: (_xhr: unknown, options: unknown) => console.error(options) },
    realtime: realtimeNamespace(parts.desk.realtime),
  };
}

function userParts({ boot, actor }: DeskServices): Bag {
  const fallback = (key: string): unknown => boot.user.defaults[key] ?? boot.user.defaults[scrub(key)];
  const first = (value: unknown): unknown => (Array.isArray(value) ? (value[0] as unknown) : value);
  const global = (key: string): unknown => first(boot.sysdefaults[key] ?? boot.sysdefaults[scrub(key)]);
  return {
    boot, sys_defaults: boot.sysdefaults, user_defaults: boot.user.defaults, csrf_token: boot.csrf_token, user_roles: boot.user.roles, user_info: (user: string = actor.name) => ({ fullname: user === actor.name ? boot.user.full_name : user, name: user }),
    session: { user: actor.name, user_fullname: boot.user.full_name, user_email: boot.user.email, logged_in_user: actor.name },
    user: { name: actor.name, full_name: () => boot.user.full_name, has_role: (roles: string | string[]) => [roles].flat().some((role) => boot.user.roles.includes(role)), is_report_manager: () => boot.user.roles.includes('Report Manager'), image: boot.user.image },
    defaults: {
      get_user_default: (key: string) => first(fallback(key)) ?? global(key), get_user_defaults: (key: string) => [fallback(key)].flat().filter((value) => value !== undefined),
      get_default: (key: string) => first(fallback(key)) ?? global(key), get_global_default: global, get_global_defaults: (key: string) => [global(key)],
      get_user_permissions: () => ({}), set_user_default_local: (key: string, value: unknown) => { boot.user.defaults[key] = value; },
    },
    get_user_settings: () => ({}),
  };
}

function placeParts(desk: DeskServices, docs: LocalDocs, world: Bag): Bag {
  const setRoute = (...args: unknown[]): Promise<void> => {
    const routeParts = routeFromArguments(args);
    const route = desk.routes.parse(routeParts);
    const options = { ...((world.frappe as Bag).route_options as Bag | null), ...(args.flat().find((part) => part !== null && typeof part === 'object') as Bag | undefined) };
    (world.frappe as Bag).route_options = null;
    if (route.kind === 'new') {
      const doc = docs.get(route.doctype, routeParts.at(-1) ?? '');
      if (doc) leaveDocument(doc);
      desk.go(route, { values: { ...options, ...(doc ? { _copy: Date.now() } : {}) } });
    } else if (route.kind === 'list') desk.go(route, { filters: readFilters(options, route.doctype) });
    else if (route.kind === 'unknown') location.assign(`/app/${routeParts.map(encodeURIComponent).join('/')}?${new URLSearchParams(toQuery(readFilters(options, ''), '') as Record<string, string>)}`);
    else {
      // A page looks for what it was asked in `route_options` when it is shown.
      if (route.kind === 'page') (world.frappe as Bag).route_options = options;
      desk.go(route);
    }
    return Promise.resolve();
  };
  const currentParts = (): string[] => routeFromArguments([decodeURIComponent(location.pathname)]);
  const route = (): string[] => {
    const place = desk.routes.parse(currentParts());
    if (place.kind === 'list') return ['List', place.doctype, 'List'];
    if (place.kind === 'form') return ['Form', place.doctype, place.name];
    return place.kind === 'new' || place.kind === 'single' ? ['Form', place.doctype, place.doctype] : currentParts();
  };
  return {
    route_options: null, set_route: setRoute, get_route: route, get_route_str: () => route().join('/'), get_prev_route: () => [], route_flags: {}, route_hooks: {}, flags: {},
    new_doc: (doctype: string, values?: Bag) => { const given = { ...((world.frappe as Bag).route_options as Bag | null), ...values }; (world.frappe as Bag).route_options = null; desk.go({ kind: 'new', doctype }, { values: given }); return Promise.resolve(); },
    router: { current_route: route(), on: () => undefined, once: () => undefined, off: () => undefined, get_sub_path: () => currentParts().join('/'), slug: (name: string) => name.toLowerCase().replace(/ /g, '-'), parse: currentParts, push_state: (path: string) => history.pushState(null, '', path) },
    breadcrumbs: { add: () => undefined, update: () => undefined, module_map: {}, preferred: {} },
  };
}

/** Objects that scripts fill. */
function containers(): Bag {
  return {
    listview_settings: {}, query_reports: {}, treeview_settings: {}, pages: {}, views: { calendar: {}, trees: {}, map: {} }, dashboards: { chart_sources: {} }, help: { help_links: {}, youtube_id: {} }, tour: {}, templates: {},
    form: { link_formatters: {}, formatters: {}, on: undefined }, wizard: {}, setup: { on: () => undefined, events: {} }, dashboard_utils: {}, dynamic_link: null, query_report: null, desk: {}, search: {}, report_utils: {}, route_titles: {},
  };
}

function smallParts(desk: DeskServices): Bag {
  return {
    provide, scrub, unscrub, _: __, get_abbr: (text: string, length = 2) => String(text ?? '').split(/\s+/).map((word) => word[0] ?? '').join('').slice(0, length).toUpperCase(), get_palette: () => 'blue', get_indicator: () => null,
    format: (value: unknown, field?: Partial<DocField>, _options?: unknown, doc?: Doc) => formatAsHtml(desk, value, field ?? null, doc), ready: (run: Callback) => void Promise.resolve().then(() => run()), avatar: () => '', defaultDatetimeFormat: 'YYYY-MM-DD HH:mm:ss', defaultDateFormat: 'YYYY-MM-DD', defaultTimeFormat: 'HH:mm:ss',
    urllib: { get_base_url: () => location.origin, get_full_url: (path: string) => new URL(path, location.origin).href, get_arg: (name: string) => new URLSearchParams(location.search).get(name) ?? '', get_dict: () => Object.fromEntries(new URLSearchParams(location.search)) },
    is_mobile: () => matchMedia('(max-width: 700px)').matches, open_in_new_tab: false, last_edited_communication: {}, msg_dialog: {}, _messages: {}, show_not_permitted: () => undefined,
  };
}

/** `frappe.provide("a.b.c")`: makes the objects on the way. */
function provide(path: string): Any {
  return path.split('.').reduce<Bag>((owner, name) => {
    if (!(name in owner)) owner[name] = {};
    return owner[name] as Bag;
  }, window as unknown as Bag);
}

function uiParts(desk: DeskServices, book: HandlerBook, world: Bag): Bag {
  const Dialog: Any = dialogClass(desk, (dialog) => { world.cur_dialog = dialog; });
  class Controller {
    constructor(options: Bag) {
      Object.assign(this, options);
    }
  }
  return {
    Dialog, FieldGroup: fieldGroupClass(desk) as Any, FileUploader: fileUploaderClass(desk) as Any,
    form: watched('frappe.ui.form', { on: (doctype: string, events: Any, handler?: Callback) => book.on(doctype, events as string, handler), off: (doctype: string, event: string) => book.off(doctype, event), handlers: {}, Controller, MultiSelectDialog: multiSelectClass(desk) as Any, QuickEntryForm: quickEntryClass(desk) as Any, is_saving: false, trigger: (doctype: string, event: string) => (world.cur_frm as Frm | null)?.run(event, doctype), link_formatters: {}, make_control: (options: Bag) => makeControl(desk, options) }),
    keys: { add_shortcut: ({ shortcut, action, description }: { shortcut: string; action: Callback; description?: string }) => desk.shortcuts.add({ keys: shortcut, label: description ?? shortcut, group: __('Scripts'), run: () => void action() }), on: (keys: string, action: Callback) => desk.shortcuts.add({ keys, label: keys, group: __('Scripts'), run: (event) => void action(event) }) },
    make_app_page: (options: Bag) => makeAppPage(desk, options), toolbar: { clear_cache: () => location.reload() }, hide_open_dialog: () => desk.overlay.dialogs.splice(0), set_theme: () => undefined, color: { get: () => '' }, color_map: {},
  };
}

function putGlobals(desk: DeskServices, world: Bag, frappe: Bag, docs: LocalDocs, parts: ModelParts): void {
  const fieldOf = (doctype: string, fieldname: string): DocField | undefined => (parts.openForm()?.fieldsOf(doctype) ?? desk.metas.peek(doctype)?.fields ?? parts.openForm()?.docfields)?.find((field) => field.fieldname === fieldname);
  const toggle = (names: string | string[], on: boolean): void => parts.openForm()?.toggle_display(names, on);
  Object.assign(world, {
    frappe, __, $, jQuery: $, moment, locals: docs.asObject(), cur_frm: null, cur_dialog: null, cur_list: null, cur_page: null,
    ...valueGlobals(desk), precision: precisionGlobal(desk, fieldOf), msgprint: frappe.msgprint, show_alert: frappe.show_alert, get_url_arg: (name: string) => new URLSearchParams(location.search).get(name) ?? '',
    refresh_field: () => undefined, refresh_many: () => undefined, hide_field: (names: string | string[]) => toggle(names, false), unhide_field: (names: string | string[]) => toggle(names, true),
    set_field_options: (name: string, options: string) => parts.openForm()?.set_df_property(name, 'options', options), comment_when: (when: string) => (frappe.datetime as Bag).comment_when(when) as unknown, get_label: (doctype: string, name: string) => fieldOf(doctype, name)?.label ?? name,
    extend_cscript: (cscript: Bag, controller: object) => extend(cscript, controller), open_url_post: (address: string, args: Bag, newTab?: boolean) => openPost(desk, address, args, newTab), format_currency: (value: unknown, currency?: string, decimals?: number) => formatCurrency(desk, value, currency, decimals), user: desk.actor.name, user_defaults: desk.boot.user.defaults, sys_defaults: desk.boot.sysdefaults,
  });
}

/** Copies a controller's methods, those of its classes included, into the handlers of a form. */
function extend(cscript: Bag, controller: object): Bag {
  for (let level: object | null = controller; level && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const name of Object.getOwnPropertyNames(level)) if (name !== 'constructor') cscript[name] ??= (controller as Bag)[name];
  }
  return cscript;
}
