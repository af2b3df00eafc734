/**
 * The names of the script API that public apps use (three of them or more): each is there, or asking for it is reported once by
 * name. The list holds names alone, with `<…>` for what scripts choose themselves.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { missingNames } from '@/app/scripting/missing';
import { openFormScripts } from '@/app/scripting';
import { readSettings } from '@/app/scripting/list';
import type { Any, Bag } from '@/app/scripting/types';
import { makeDesk, openForm } from './support';

vi.mock('@/app/scripting/loader', () => ({ loadScript: () => Promise.resolve(), loadAsset: () => Promise.resolve(), loadStyle: () => Promise.resolve() }));

const NAMES = JSON.parse(readFileSync('tests/scriptApi.json', 'utf8')) as Record<string, string[]>;
/** At least this share of all names must be there; raised when more are. */
const LEAST_SHARE = 1;

const roots: Bag = {};
beforeAll(async () => {
  const test = makeDesk();
  const form = await openForm(test, 'Sales Order', 'SO-2024-00136');
  await openFormScripts(test.desk, form, { go: (run) => run() });
  const world = window as unknown as Bag;
  const frm = world.cur_frm as Any;
  const dialog = new (world.frappe as Any).ui.Dialog({ title: 'T', fields: [{ fieldname: 'a', fieldtype: 'Data', label: 'A' }], primary_action: () => undefined, primary_action_label: 'Go' });
  dialog.show();
  Object.assign(roots, { frappe: world.frappe, frm, dialog, page: frm.page, grid: frm.fields_dict.items.grid, listview: readSettings({}), global: world });
});

/** A written name as a path below its root: `frm.doc.<field>` → `doc`. */
function pathOf(group: string, name: string): string[] {
  const bare = name.replace(/\s*\(.*\)$/, '').replace(/\[\.\.\.\].*$/, '').replace(/\.<.*$/, '').replace(/\.$/, '');
  const parts = bare.split('.').filter(Boolean);
  return parts[0] === group ? parts.slice(1) : parts;
}

/** Whether the path leads to something. Scripts may ask for what is not there: a key with `null` counts, one without does not. */
function leadsSomewhere(root: Any, path: readonly string[]): boolean {
  let at: Any = root;
  for (const part of path) {
    if (at === null || at === undefined) return false;
    const isThere = part in Object(at);
    // Read as a script reads, so that what is missing is reported.
    at = at[part];
    if (!isThere) return false;
  }
  return at !== undefined;
}

/** What a document holds is its own matter, and the open report is there on a report's page alone. */
const isData = (name: string): boolean => name.startsWith('frm.doc.') || name.startsWith('frappe.query_report.');

function absent(group: string): string[] {
  return (NAMES[group] ?? []).filter((name) => !isData(name) && !leadsSomewhere(roots[group], pathOf(group, name)));
}

const GROUPS = ['frappe', 'frm', 'dialog', 'page', 'grid', 'global'];

describe('names of the script API', () => {
  it('are there, all but few', () => {
    const all = GROUPS.reduce((sum, group) => sum + (NAMES[group] ?? []).filter((name) => !isData(name)).length, 0);
    const lacking = GROUPS.flatMap((group) => absent(group));
    const share = (all - lacking.length) / all;
    console.warn(`${all - lacking.length} of ${all} names (${(share * 100).toFixed(1)} %); absent: ${lacking.join(', ') || 'none'}`);
    expect(share).toBeGreaterThanOrEqual(LEAST_SHARE);
  });

  it('that are absent below frappe are reported, each once', () => {
    const lacking = absent('frappe');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    for (const name of [...lacking, ...lacking]) leadsSomewhere(roots.frappe, pathOf('frappe', name));
    const isReported = (name: string): boolean => missingNames().some((known) => name.startsWith(known) || known.startsWith(name));
    expect(lacking.filter((name) => !isReported(name))).toEqual([]);
    expect(new Set(missingNames()).size).toBe(missingNames().length);
    expect(warn.mock.calls.length).toBeLessThanOrEqual(lacking.length);
  });
});
