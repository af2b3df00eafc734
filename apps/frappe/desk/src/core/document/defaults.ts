/**
 * A new document: its defaults, and copies of existing ones.
 * Invariant: pure; the present time and the user's defaults come as arguments. The server sets its own defaults again.
 */
import { hasValue, isNumeric, isTable } from '../fields/registry';
import { choicesOf } from '../fields/textual';
import { clone } from '../json';
import type { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { scrub } from '../text';
import { temporaryName } from './model';
import type { Doc } from './types';

export interface DefaultSources {
  user: string;
  userDefaults: Readonly<Record<string, unknown>>;
  /** The present moment in stored form, in the site's time zone. */
  now: string;
}

/** The default of a field: its own (`Today`, `Now`, `__user`, `:Company`, a literal), else the user's default for its DocType. */
export function defaultOf(field: DocField, sources: DefaultSources, parent?: Doc): unknown {
  const own = field.default === null || field.default === undefined ? '' : String(field.default);
  if (own) return resolve(own, field, sources, parent);
  // Who is logged in is nobody's default choice of a person: fields for that say `__user`.
  if (field.fieldtype === 'Link' && field.options !== 'User' && !field.ignore_user_permissions) return userDefault(String(field.options ?? ''), sources) ?? '';
  if (field.fieldtype === 'Select') return choicesOf(field)[0]?.value ?? '';
  return isNumeric(field) ? 0 : '';
}

function resolve(text: string, field: DocField, sources: DefaultSources, parent?: Doc): unknown {
  const word = text.toLowerCase();
  if (word === 'now' || word === 'today') return presentAs(field, sources.now) ?? text;
  if (word === '__user' || (field.fieldtype === 'Link' && field.options === 'User' && word === 'user')) return sources.user;
  if (text.startsWith(':')) return parent?.[scrub(text.slice(1))] ?? userDefault(text.slice(1), sources) ?? '';
  return isNumeric(field) ? Number(text) || 0 : text;
}

/** The present moment as a field of time wants it; `null` when the field isn't one of time. */
function presentAs({ fieldtype }: DocField, now: string): string | null {
  const forms: Record<string, string> = { Date: now.slice(0, 10), Datetime: now, Time: now.slice(11) };
  return forms[fieldtype] ?? null;
}

function userDefault(doctype: string, { userDefaults }: DefaultSources): unknown {
  const value = userDefaults[doctype] ?? userDefaults[scrub(doctype)];
  return Array.isArray(value) ? (value.length === 1 ? (value[0] as unknown) : undefined) : value;
}

/** Default values of a new row (or of anything drawn from a list of fields). */
export function defaultValues(fields: readonly DocField[], sources: DefaultSources, parent?: Doc): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(hasValue).map((field) => [field.fieldname, isTable(field) ? [] : defaultOf(field, sources, parent)]),
  );
}

/** A new document with defaults; `given` (from a route, a filter, another document) wins over them. */
export function newDocument(meta: Meta, sources: DefaultSources, given: Readonly<Record<string, unknown>> = {}): Doc {
  const known = Object.fromEntries(Object.entries(given).filter(([key]) => meta.has(key)));
  return {
    ...defaultValues(meta.fields, sources),
    ...known,
    doctype: meta.name, name: temporaryName(meta.name), docstatus: 0, owner: sources.user, __islocal: 1, __unsaved: 1,
  };
}

const IDENTITY = ['name', 'owner', 'creation', 'modified', 'modified_by', 'docstatus', 'amended_from', '_user_tags', '_comments', '_assign', '_liked_by', '__onload', 'localname'];

export interface CopyOptions {
  childMeta(table: DocField): Meta | undefined;
  /** A correction of a cancelled document: values marked "no copy" come along, and it points at its predecessor. */
  amend?: boolean;
}

/** A new, unsaved document with the values of `source`. */
export function copyDocument(meta: Meta, source: Doc, sources: DefaultSources, { childMeta, amend }: CopyOptions): Doc {
  const copy = { ...newDocument(meta, sources), ...copiedValues(meta, source, Boolean(amend)) };
  for (const table of meta.tables) {
    const rowMeta = childMeta(table);
    const rows = table.no_copy && !amend ? [] : ((source[table.fieldname] ?? []) as Doc[]);
    copy[table.fieldname] = rows.map((row, index) => ({
      ...(rowMeta ? copiedValues(rowMeta, row, Boolean(amend)) : clone(row)),
      doctype: String(table.options), name: temporaryName(String(table.options)), idx: index + 1, docstatus: 0,
      parent: copy.name, parenttype: meta.name, parentfield: table.fieldname, __islocal: 1,
    }));
  }
  if (amend) copy.amended_from = source.name;
  return copy;
}

function copiedValues(meta: Meta, source: Doc, withNoCopy: boolean): Record<string, unknown> {
  const fields = meta.fields.filter((field) => hasValue(field) && !IDENTITY.includes(field.fieldname) && (withNoCopy || !field.no_copy));
  return Object.fromEntries(fields.map((field) => [field.fieldname, clone(source[field.fieldname])]));
}
