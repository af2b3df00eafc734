/** Which columns a list shows. Invariant: what identifies the document stands first (a name drawn by lot stands last), and the state, when there is one, follows it. */
import { behaviourOf } from '../fields/registry';
import { currencyOf } from '../fields/numeric';
import type { FormatContext } from '../format/context';
import type { Doc } from '../document/types';
import { __ } from '../i18n';
import { labelOf, type Meta } from '../meta/meta';
import type { DocField } from '../meta/types';

export interface ListColumn {
  key: string;
  kind: 'subject' | 'status' | 'field';
  field: DocField;
  align: 'start' | 'end' | 'center';
  minWidth: number;
}

const column = (field: DocField, kind: ListColumn['kind'] = 'field'): ListColumn => {
  const { align, minWidth } = behaviourOf(field);
  return { key: kind === 'status' ? '_status' : field.fieldname, kind, field, align, minWidth };
};

/** Whether documents of this type have a state worth a column. */
export function hasStatus(meta: Meta): boolean {
  return meta.isSubmittable || meta.statusField !== null || meta.has('enabled') || meta.has('disabled');
}

/** Every field that may be a column of a list. */
export function columnChoices(meta: Meta): DocField[] {
  const own = meta.fields.filter((field) => behaviourOf(field).listable && behaviourOf(field).stored && !field.is_virtual && field.fieldtype !== 'Password');
  return [...own, ...['owner', 'creation', 'modified', 'modified_by'].map((name) => meta.field(name)!)];
}

/** The columns as the user put them: `name` and `_status` are the identity and the state; nothing is added but the identity. */
function chosenColumns(meta: Meta, chosen: readonly string[]): ListColumn[] {
  const keys = chosen.includes('name') ? chosen : ['name', ...chosen];
  return keys.flatMap((key) => {
    if (key === '_status') return hasStatus(meta) ? [column(meta.field(meta.statusField ?? 'docstatus') ?? meta.field('name')!, 'status')] : [];
    const field = meta.field(key);
    return field ? [column(field, key === 'name' ? 'subject' : 'field')] : [];
  });
}

const status = (meta: Meta): ListColumn[] => (hasStatus(meta) ? [column(meta.field(meta.statusField ?? 'docstatus') ?? meta.field('name')!, 'status')] : []);

/** The columns of a list: identity, state, then what the user chose or the DocType marks "in list view", then last change. */
export function listColumns(meta: Meta, chosen: readonly string[] = [], hidesName = false): ListColumn[] {
  if (chosen.length) return chosenColumns(meta, chosen);
  const columns = usualColumns(meta);
  const title = columns.find(({ key, kind }) => kind === 'field' && key === meta.titleField);
  if (!hidesName || !title) return columns;
  // The title stands for the document where its name tells nobody anything.
  return [{ ...title, kind: 'subject' }, ...columns.filter((one) => one !== title && one.kind !== 'subject')];
}

function usualColumns(meta: Meta): ListColumn[] {
  const name = meta.field('name')!;
  // A column that only repeats the name (it is made of this field) says nothing new.
  const named = /^field:(\w+)$/.exec(String(meta.data.autoname ?? ''))?.[1] ?? '';
  const title = (meta.titleField === named ? null : meta.field(meta.titleField)) ?? name;
  const shown = new Set([title.fieldname, 'name', meta.statusField ?? '', 'docstatus']);
  const fields = meta.listFields.filter((field) => !shown.has(field.fieldname) && field.fieldname !== named && !(field.fieldname === 'disabled' || field.fieldname === 'enabled'));
  const changed = fields.some((field) => field.fieldname === 'modified') ? [] : [column(meta.field('modified')!)];
  // Drawn by lot, the name tells nobody anything: what the document holds comes first.
  if (String(meta.data.autoname) === 'hash' && fields.length > 2) {
    return [...(title.fieldname !== 'name' ? [column(title)] : []), ...status(meta), ...fields.map((field) => column(field)), column(name, 'subject')];
  }
  return [
    column(name, 'subject'),
    ...(title.fieldname !== 'name' ? [column(title)] : []),
    ...status(meta),
    ...fields.map((field) => column(field)),
    ...changed,
  ];
}

/** The fields to ask the server for, for these columns and the state. */
export function requestedFields(meta: Meta, columns: readonly ListColumn[], extra: readonly string[] = []): string[] {
  const state = ['workflow_state', 'status', 'enabled', 'disabled'].filter((name) => meta.has(name));
  const currencies = columns
    .filter(({ field }) => field.fieldtype === 'Currency')
    .flatMap(({ field }) => [String(field.options ?? '').split(':')[1] ?? String(field.options ?? ''), 'currency'])
    .filter((name) => meta.has(name));
  const dynamic = columns.filter(({ field }) => field.fieldtype === 'Dynamic Link').map(({ field }) => String(field.options ?? ''));
  const own = columns.map(({ field }) => field.fieldname);
  return [...new Set(['name', 'docstatus', 'modified', 'owner', '_assign', '_user_tags', '_liked_by', '_comments', ...own, ...state, ...currencies, ...dynamic, ...extra])].filter(Boolean);
}

/** The unit of a column when all rows share it, so that it stands once in the head and not in every cell. */
export function columnUnit(field: DocField, rows: readonly Doc[], context: FormatContext): string | null {
  if (field.fieldtype === 'Percent') return null;
  if (field.fieldtype !== 'Currency' || rows.length === 0) return null;
  const currencies = new Set(rows.map((row) => currencyOf(field, context, row)));
  return currencies.size === 1 ? [...currencies][0]! : null;
}

/** The head of a column. */
export function columnLabel({ kind, field }: ListColumn, unit: string | null = null): string {
  const label = kind === 'status' ? __('Status') : __(labelOf(field), null, String(field.parent ?? ''));
  return unit ? `${label} (${unit})` : label;
}
