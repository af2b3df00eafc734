/** Documents of other types that point at this one, or that this one points at. Invariant: pure; counts are asked for elsewhere. */
import { __ } from '../i18n';
import type { Filter } from '../filters';
import type { Meta } from '../meta/meta';
import type { Doc } from './types';

export interface Connection {
  doctype: string;
  group: string;
  /** Conditions of the list that shows them. */
  filters: Filter[];
}

/** The connections of a document by its DocType's links and dashboard, each DocType once. */
export function connectionsOf(meta: Meta, doc: Doc): Connection[] {
  const found = [...fromLinks(meta, doc), ...fromDashboard(meta, doc)];
  return [...new Map(found.map((connection) => [connection.doctype, connection])).values()];
}

function fromLinks(meta: Meta, doc: Doc): Connection[] {
  return (meta.data.links ?? []).filter((link) => !link.hidden).map((link) => ({
    doctype: link.is_child_table && link.parent_doctype ? link.parent_doctype : link.link_doctype,
    group: link.group ? __(link.group) : '',
    filters: [{ doctype: link.link_doctype, fieldname: link.link_fieldname, operator: '=' as const, value: doc.name }],
  }));
}

function fromDashboard(meta: Meta, doc: Doc): Connection[] {
  const { fieldname, non_standard_fieldnames: others = {}, internal_links: internal = {}, transactions = [] } = meta.data.__dashboard ?? {};
  return transactions.flatMap(({ label, items }) => items.map((doctype): Connection => {
    const inside = internal[doctype];
    const filters: Filter[] = inside
      ? [{ doctype, fieldname: 'name', operator: 'in', value: internalNames(doc, inside) }]
      : [{ doctype, fieldname: others[doctype] ?? fieldname ?? meta.name.toLowerCase().replace(/ /g, '_'), operator: '=', value: doc.name }];
    return { doctype, group: label ? __(label) : '', filters };
  }));
}

/** Names that the document itself holds: in a field, or in a column of a table. */
export function internalNames(doc: Doc, link: string | [string, string]): string[] {
  const values = typeof link === 'string' ? [doc[link]] : ((doc[link[0]] ?? []) as Doc[]).map((row) => row[link[1]]);
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))];
}
