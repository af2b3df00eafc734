/**
 * What a user may do with documents and fields, as far as the desk shows it. The server decides anew on every call.
 * Invariant: nothing here grants more than the roles' permission rows and the document's own rights.
 */
import type { DocInfo, Doc } from './document/types';
import type { DocPerm } from './meta/types';
import type { Meta } from './meta/meta';

export type Right =
  | 'select' | 'read' | 'write' | 'create' | 'delete' | 'submit' | 'cancel' | 'amend' | 'print' | 'email' | 'report'
  | 'import' | 'export' | 'share';

/** Rights by permission level (0–9). */
export type Rights = Readonly<Record<number, ReadonlySet<Right>>>;

const ALL_RIGHTS: readonly Right[] = [
  'select', 'read', 'write', 'create', 'delete', 'submit', 'cancel', 'amend', 'print', 'email', 'report', 'import', 'export', 'share',
];

export interface Actor { name: string; roles: readonly string[] }

/** Rights of `actor` on a DocType by level; rows "if owner" count only when `isOwner`. */
export function rightsOf(meta: Meta, actor: Actor, isOwner = true): Rights {
  if (actor.name === 'Administrator') {
    return Object.fromEntries(Array.from({ length: 10 }, (_, level) => [level, new Set(ALL_RIGHTS)]));
  }
  const roles = new Set([...actor.roles, 'All']);
  const rights: Record<number, Set<Right>> = {};
  for (const row of meta.data.permissions ?? []) {
    if (!roles.has(row.role) || (row.if_owner && !isOwner)) continue;
    const level = (rights[row.permlevel ?? 0] ??= new Set());
    grantedBy(row).forEach((right) => level.add(right));
  }
  return rights;
}

function grantedBy(row: DocPerm): Right[] {
  return ALL_RIGHTS.filter((right) => Boolean(row[right]));
}

/** Rights on one document: the roles', narrowed (or widened by sharing) at level 0 to what the server says of this document. */
export function documentRights(meta: Meta, actor: Actor, doc: Doc, info?: DocInfo): Rights {
  const byRole = rightsOf(meta, actor, doc.__islocal ? true : doc.owner === actor.name);
  const given = info?.permissions;
  if (!given) return byRole;
  return { ...byRole, 0: new Set(ALL_RIGHTS.filter((right) => Boolean(given[right]))) };
}

/** Whether the rights hold `right` at `level`. */
export function can(rights: Rights, right: Right, level = 0): boolean {
  return rights[level]?.has(right) ?? false;
}
