/**
 * The contract between a form and a field type. A folder per type gives a definition (`index.ts`), an editor (`Edit.vue`), a
 * reader (`Show.vue`) and a test.
 */
import type { Component, InjectionKey } from 'vue';
import type { Doc } from '@/core/document/types';
import type { FieldBehaviour } from '@/core/fields/types';
import type { DocField, FieldType } from '@/core/meta/types';
import type { LinkQuery } from '../form/controller';

export interface FieldProps {
  field: DocField;
  modelValue: unknown;
  /** The document or row that the value belongs to. */
  doc: Doc;
  /** `id` of the input, for its label. */
  id?: string;
  /** In a grid: no frame of its own. */
  cell?: boolean;
}

export interface FieldEditProps extends FieldProps {
  /** Accessible name where no visible label points at the input. */
  label?: string;
  required?: boolean;
  invalid?: boolean;
  describedBy?: string;
  autofocus?: boolean;
  /** What was typed on the cell before the editor opened; replaces the value. */
  initialText?: string;
}

/** Events of an editor (`set` and not `update:modelValue`: Vue passes that one through no wrapper): a new value; input that can't be understood (or `null` when it can); "done, go on". */
export interface FieldEditEmits {
  set: [value: unknown];
  problem: [message: string | null];
  advance: [];
}

export interface FieldDefinition {
  type: FieldType;
  behaviour: FieldBehaviour;
  edit: Component;
  show: Component;
  /** Where the label stands: above or beside (`label`), drawn by the field itself (`own`), nowhere (`none`). */
  labelled: 'label' | 'own' | 'none';
  /** May be edited inside a grid cell; the others open the row. */
  inCell: boolean;
}

/** What a field needs of the form (or filter, or dialog) it stands in. */
export interface FieldHost {
  doctype: string;
  docname(): string;
  linkQuery(field: DocField, doc: Doc): LinkQuery | null;
  press(field: DocField, doc: Doc): Promise<void>;
}

export const FIELD_HOST: InjectionKey<FieldHost> = Symbol('field host');

/** A definition from what differs from an ordinary one. */
export function defineField(definition: Pick<FieldDefinition, 'behaviour' | 'edit' | 'show'> & Partial<FieldDefinition>): FieldDefinition {
  return { type: definition.behaviour.type, labelled: 'label', inCell: true, ...definition };
}
