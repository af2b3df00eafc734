/**
 * What the server tells the desk at start: user, rights, defaults, currencies, modules, translations.
 * Invariant: `parseBoot` always returns a complete `Boot`; what the server left out has a safe default (Guest, no rights).
 */
import { parseJson } from './json';
import type { WorkspacePage } from './workspace';

export interface BootUser {
  name: string;
  full_name: string;
  image: string | null;
  email: string;
  roles: string[];
  language: string;
  time_zone: string;
  defaults: Record<string, unknown>;
  can_read: string[];
  can_create: string[];
  can_write: string[];
  can_delete: string[];
  can_submit: string[];
  can_cancel: string[];
  can_export: string[];
  can_import: string[];
  settings: Record<string, unknown>;
}

export interface SystemDefaults {
  currency: string;
  date_format: string;
  time_format: string;
  number_format: string;
  float_precision: number;
  currency_precision: number | null;
  first_day_of_the_week: string;
  country: string;
  time_zone: string;
  rounding_method: string;
  [key: string]: unknown;
}

export interface Currency {
  symbol?: string | null;
  fraction_units?: number | null;
  number_format?: string | null;
  smallest_currency_fraction_value?: number | null;
  symbol_on_right?: number | boolean;
}

export interface BootModule {
  name: string;
  label: string;
  app: string;
}

export interface BootDocType {
  name: string;
  module: string;
  istable?: number;
  issingle?: number;
  is_tree?: number;
  is_submittable?: number;
  title_field?: string | null;
  icon?: string | null;
  in_create?: number;
  read_only?: number;
  hide_in_sidebar?: number;
}

export interface ScriptedPage { title: string; icon?: string | null; module?: string | null }

export interface Boot {
  user: BootUser;
  sitename: string;
  lang: string;
  csrf_token: string;
  sysdefaults: SystemDefaults;
  currencies: Record<string, Currency>;
  modules: BootModule[];
  doctypes: BootDocType[];
  workspaces: WorkspacePage[];
  versions: Record<string, unknown>;
  developer_mode: boolean;
  socketio_port: number | null;
  messages: Record<string, string>;
  /** Where the site's words lie; they are loaded beside the desk and put into `messages`. */
  messages_url?: string | null;
  /** The pages that scripts draw, by name. */
  page_info: Record<string, ScriptedPage>;
  /** Before login: whether a link by mail is offered, whether a password does not count, whether a new one can be mailed for. */
  login_with_email_link?: number;
  disable_user_pass_login?: number;
  can_reset_password?: number;
  /** Servers by which one can sign in. */
  social_logins?: { name: string; label: string }[];
  assets_version: string;
  include_js: string[];
  include_css: string[];
  /** DocTypes whose names are shown in the language (units, countries). */
  translated_doctypes: string[];
  app_name: string;
  [key: string]: unknown;
}

const GUEST: BootUser = {
  name: 'Guest', full_name: '', image: null, email: '', roles: [], language: '', time_zone: '', defaults: {},
  can_read: [], can_create: [], can_write: [], can_delete: [], can_submit: [], can_cancel: [], can_export: [],
  can_import: [], settings: {},
};

const SYSTEM_DEFAULTS: SystemDefaults = {
  currency: 'CNY', date_format: 'yyyy-mm-dd', time_format: 'HH:mm:ss', number_format: '#,###.##', float_precision: 3,
  currency_precision: null, first_day_of_the_week: 'Monday', country: '', time_zone: '', rounding_method: 'Commercial Rounding',
};

/** Leaves out keys without a value, so that a default is not overwritten by `null` or an empty string. */
function withoutBlanks<T extends object>(given: T | undefined): Partial<T> {
  const entries = Object.entries(given ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return Object.fromEntries(entries) as Partial<T>;
}

/** Builds a complete `Boot` from the server's JSON (an object or its text); unknown keys are kept. */
export function parseBoot(source: unknown): Boot {
  const given = parseJson<Partial<Boot>>(source, {});
  const system = { ...SYSTEM_DEFAULTS, ...withoutBlanks(given.sysdefaults) };
  return {
    sitename: '', lang: 'en', csrf_token: '', currencies: {}, modules: [], doctypes: [], workspaces: [], versions: {},
    messages: {}, assets_version: '', include_js: [], include_css: [], translated_doctypes: [], page_info: {}, app_name: 'EC ERP',
    ...given,
    developer_mode: Boolean(given.developer_mode),
    socketio_port: Number(given.socketio_port) || null,
    user: { ...GUEST, ...withoutBlanks(given.user) },
    sysdefaults: { ...system, float_precision: Number(system.float_precision), currency_precision: toPrecision(system.currency_precision) },
  };
}

function toPrecision(value: unknown): number | null {
  return value === null || value === undefined || value === '' ? null : Number(value);
}

/** Reads the boot JSON that the HTML shell carries in `<script type="application/json" id="boot">`. */
export function bootFromDocument(page: Document): Boot {
  return parseBoot(page.getElementById('boot')?.textContent ?? '{}');
}

/** Whether somebody is logged in. */
export function isLoggedIn(boot: Boot): boolean {
  return boot.user.name !== 'Guest';
}
