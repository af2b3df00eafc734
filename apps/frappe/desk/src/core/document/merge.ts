/**
 * Two people changed one document: what each of them changed, and the document that holds both.
 * Invariant: pure; nothing that only one side changed is lost, and where both changed the same value somebody has to choose.
 */
import { clone, same } from '../json';
import type { Meta } from '../meta/meta';
import { labelOf } from '../meta/meta';
import type { DocField } from '../meta/types';
import { __ } from '../i18n';
import type { Doc } from './types';

export interface Difference {
  /** `fieldname`, or `table/row name/fieldname`. */
  key: string;
  label: string;
  field: DocField;
  table: string | null;
  rowName: string | null;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Both sides changed it, and not to the same. */
  clashes: boolean;
}

export interface MergeParts { base: Doc; mine: Doc; theirs: Doc; meta: Meta; childMeta(table: DocField): Meta | undefined }

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';
const equal = (left: unknown, right: unknown): boolean => same(left, right) || (isBlank(left) && isBlank(right));

/** Everything that either side changed in values, in the order of the form. */
export function differences({ base, mine, theirs, meta, childMeta }: MergeParts): Difference[] {
  const found: Difference[] = [];
  for (const field of meta.fields) {
    if (meta.tables.includes(field)) found.push(...rowDifferences(field, { base, mine, theirs, meta, childMeta }));
    else compare(found, field, __(labelOf(field), null, meta.name), null, [base, mine, theirs]);
  }
  return found;
}

function compare(found: Difference[], field: DocField, label: string, at: { table: string; rowName: string } | null, [base, mine, theirs]: [Doc, Doc, Doc]): void {
  const [was, own, other] = [base[field.fieldname], mine[field.fieldname], theirs[field.fieldname]];
  if (equal(own, other) && equal(was, own)) return;
  const byMe = !equal(was, own);
  const byThem = !equal(was, other);
  const key = at ? `${at.table}/${at.rowName}/${field.fieldname}` : field.fieldname;
  found.push({ key, label, field, table: at?.table ?? null, rowName: at?.rowName ?? null, base: was, mine: own, theirs: other, clashes: byMe && byThem && !equal(own, other) });
}

function rowDifferences(table: DocField, { base, mine, theirs, childMeta }: MergeParts): Difference[] {
  const found: Difference[] = [];
  const byName = (doc: Doc): Map<string, Doc> => new Map(((doc[table.fieldname] ?? []) as Doc[]).map((row) => [row.name, row]));
  const [before, others] = [byName(base), byName(theirs)];
  for (const row of (mine[table.fieldname] ?? []) as Doc[]) {
    const was = before.get(row.name);
    const other = others.get(row.name);
    if (!was || !other) continue;
    for (const field of childMeta(table)?.fields ?? []) {
      const label = __('{0}, row {1}: {2}', [__(labelOf(table)), other.idx ?? row.idx ?? 0, __(labelOf(field), null, String(table.options))]);
      compare(found, field, label, { table: table.fieldname, rowName: row.name }, [was, row, other]);
    }
  }
  return found;
}

/** Rows that only one side has added or taken away, in words. */
export function rowNews({ base, mine, theirs, meta }: MergeParts): string[] {
  return meta.tables.flatMap((table) => {
    const names = (doc: Doc): Set<string> => new Set(((doc[table.fieldname] ?? []) as Doc[]).map((row) => row.name));
    const [before, own, other] = [names(base), names(mine), names(theirs)];
    const count = (from: Set<string>, without: Set<string>): number => [...from].filter((name) => !without.has(name)).length;
    const label = __(labelOf(table), null, meta.name);
    const [ownNew, ownGone, otherNew, otherGone] = [count(own, before), count(before, own), count(other, before), count(before, other)];
    const news: [number, string][] = [
      [ownNew, __('{0} rows added by you', [ownNew])], [ownGone, __('{0} rows removed by you', [ownGone])],
      [otherNew, __('{0} rows added by the other', [otherNew])], [otherGone, __('{0} rows removed by the other', [otherGone])],
    ];
    return news.filter(([number]) => number > 0).map(([, text]) => `${label}: ${text}`);
  });
}

/** Their document with my changes in it; `choices` say whose value stands where both changed one ("theirs" where nothing is said). */
export function merged(parts: MergeParts, choices: Readonly<Record<string, 'mine' | 'theirs'>>): Doc {
  const { base, mine, theirs, meta } = parts;
  const result = clone(theirs);
  for (const table of meta.tables) result[table.fieldname] = mergedRows(table, base, mine, theirs);
  for (const difference of differences(parts)) {
    const isMine = difference.clashes ? choices[difference.key] === 'mine' : !equal(difference.base, difference.mine);
    const target = difference.table ? (result[difference.table] as Doc[]).find((row) => row.name === difference.rowName) : result;
    if (isMine && target) target[difference.field.fieldname] = clone(difference.mine);
  }
  return result;
}

/** Their rows without those I removed, then those I added. */
function mergedRows(table: DocField, base: Doc, mine: Doc, theirs: Doc): Doc[] {
  const rows = (doc: Doc): Doc[] => (doc[table.fieldname] ?? []) as Doc[];
  const before = new Set(rows(base).map((row) => row.name));
  const own = new Set(rows(mine).map((row) => row.name));
  const kept = rows(theirs).filter((row) => own.has(row.name) || !before.has(row.name));
  return [...clone(kept), ...clone(rows(mine).filter((row) => !before.has(row.name)))];
}
