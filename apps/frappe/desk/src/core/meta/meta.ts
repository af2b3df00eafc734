/**
 * One DocType, ready to be asked. Invariant: a `Meta` never changes; what a form script changes is a form's own copy of the
 * fields (`fieldsForForm`).
 */
import { behaviourOf, isLayout, isTable } from '../fields/registry';
import { clone } from '../json';
import { Workflow } from '../workflow';
import type { DocField, DocTypeData } from './types';

const standard = (fieldname: string, fieldtype: DocField['fieldtype'], label: string, options?: string): DocField =>
  ({ fieldname, fieldtype, label, options: options ?? null, read_only: 1 });

/** Fields that every document has without being declared. */
export const STANDARD_FIELDS: readonly DocField[] = [
  standard('name', 'Data', 'ID'),
  standard('owner', 'Link', 'Created By', 'User'),
  standard('creation', 'Datetime', 'Created On'),
  standard('modified', 'Datetime', 'Last Updated On'),
  standard('modified_by', 'Link', 'Last Updated By', 'User'),
  standard('docstatus', 'Int', 'Document Status'),
  standard('idx', 'Int', 'Index'),
  standard('_user_tags', 'Data', 'Tags'),
  standard('_assign', 'Data', 'Assigned To'),
  standard('_comments', 'Text', 'Comments'),
  standard('_liked_by', 'Data', 'Liked By'),
];

export class Meta {
  private readonly byName: ReadonlyMap<string, DocField>;
  /** The workflow that is active for the DocType. */
  readonly workflow: Workflow | null;

  constructor(readonly data: DocTypeData) {
    this.byName = new Map(data.fields.map((field) => [field.fieldname, field]));
    this.workflow = Workflow.from(data.__workflow_docs);
  }

  get name(): string { return this.data.name; }
  get fields(): readonly DocField[] { return this.data.fields; }
  get isSubmittable(): boolean { return Boolean(this.data.is_submittable); }
  get isSingle(): boolean { return Boolean(this.data.issingle); }
  get isTree(): boolean { return Boolean(this.data.is_tree); }
  get isTable(): boolean { return Boolean(this.data.istable); }

  /** A declared field, or one of the standard ones. */
  field(fieldname: string): DocField | undefined {
    return this.byName.get(fieldname) ?? STANDARD_FIELDS.find((field) => field.fieldname === fieldname);
  }

  /** Whether the DocType declares the field. */
  has(fieldname: string): boolean {
    return this.byName.has(fieldname);
  }

  /** Fields that hold rows. */
  get tables(): DocField[] {
    return this.fields.filter(isTable);
  }

  /** Fields of the given type. */
  ofType(...types: string[]): DocField[] {
    return this.fields.filter((field) => types.includes(field.fieldtype));
  }

  /** The field whose value stands for the document before people; its name when there is none. */
  get titleField(): string {
    const { title_field: title } = this.data;
    return title && this.has(title) ? title : 'name';
  }

  /** The field of a workflow or of a hand-kept status. */
  get statusField(): string | null {
    return [this.workflow?.field ?? '', 'workflow_state', 'status'].find((name) => this.has(name)) ?? null;
  }

  /** Whether the person must give the name of a new document. */
  get isNamedByUser(): boolean {
    const rule = String(this.data.autoname ?? '').toLowerCase();
    return rule === 'prompt' || this.data.naming_rule === 'Set by user';
  }

  /** Whether saving gives the document a number, rather than a name that follows from what was typed. */
  get isNumbered(): boolean {
    const rule = String(this.data.autoname ?? '').toLowerCase();
    return !this.isSingle && !this.isNamedByUser && !/^(field:|hash|uuid|random)/.test(rule);
  }

  /** Fields shown as columns of a list (or of a grid, for a child table), as their author chose. */
  get listFields(): DocField[] {
    return this.fields.filter((field) => field.in_list_view && !isLayout(field) && behaviourOf(field).listable);
  }

  /** Fields offered as quick filters above a list. */
  get standardFilters(): DocField[] {
    return this.fields.filter((field) => field.in_standard_filter && behaviourOf(field).stored && !field.is_virtual);
  }

  /** Everything a list can be filtered by. */
  get filterable(): DocField[] {
    const own = this.fields.filter((field) => behaviourOf(field).operators.length > 0 && !field.is_virtual);
    const standards = STANDARD_FIELDS.filter((field) => this.isSubmittable || field.fieldname !== 'docstatus');
    return [...standards.slice(0, 1), ...own, ...standards.slice(1)];
  }

  /** A copy of the fields that one form may change (by scripts) without changing others. */
  fieldsForForm(): DocField[] {
    return clone(this.data.fields);
  }
}

/** The label of a field in the language in use is `__(labelOf(field))`; a field without one is known by its name. */
export function labelOf(field: DocField): string {
  return field.label || field.fieldname.replace(/_/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
}
