/**
 * What the desk knows of a field type without drawing it: how a value is shown as text, read from text, compared and filtered.
 * Invariant: `format` never throws; `parse` throws `BadInput` (with a translated message) and nothing else.
 */
import type { Doc } from '../document/types';
import type { FormatContext } from '../format/context';
import type { DocField, FieldType } from '../meta/types';

export class BadInput extends Error {}

export type Operator =
  | '=' | '!=' | 'like' | 'not like' | 'in' | 'not in' | 'is' | '>' | '<' | '>=' | '<=' | 'Between' | 'Timespan'
  | 'descendants of' | 'not descendants of' | 'ancestors of' | 'not ancestors of';

export interface FieldBehaviour {
  readonly type: FieldType;
  /** Has a column in the database (layout, HTML, buttons don't; tables have rows instead). */
  readonly stored: boolean;
  readonly align: 'start' | 'end' | 'center';
  /** The least width in a list or grid, in pixels. */
  readonly minWidth: number;
  /** Takes the whole width of its column and more than one line. */
  readonly tall: boolean;
  /** May be a column of a list or grid. */
  readonly listable: boolean;
  readonly operators: readonly Operator[];
  /** The value as plain text, in the user's formats. `doc` gives what the value depends on (its currency). */
  format(value: unknown, field: DocField, context: FormatContext, doc?: Partial<Doc>): string;
  /** The value that a typed or pasted text means. */
  parse(text: string, field: DocField, context: FormatContext): unknown;
  /** Brings what the server or a script gave into the one form the desk works with. */
  normalise(value: unknown): unknown;
  isEmpty(value: unknown): boolean;
}

/** A behaviour from what differs from plain text. */
export function behaviour(type: FieldType, differs: Partial<FieldBehaviour> = {}): FieldBehaviour {
  return {
    type, stored: true, align: 'start', minWidth: 110, tall: false, listable: true, operators: TEXT_OPERATORS,
    format: (value) => (value === null || value === undefined ? '' : String(value)),
    parse: (text) => text.trim(),
    normalise: (value) => (value === null || value === undefined ? '' : value),
    isEmpty: (value) => value === null || value === undefined || value === '',
    ...differs,
  };
}

export const TEXT_OPERATORS: readonly Operator[] = ['like', 'not like', '=', '!=', 'in', 'not in', 'is', '>', '<', '>=', '<='];
export const NUMBER_OPERATORS: readonly Operator[] = ['=', '!=', '>', '<', '>=', '<=', 'Between', 'in', 'not in', 'is'];
export const DATE_OPERATORS: readonly Operator[] = ['Between', 'Timespan', '=', '!=', '>', '<', '>=', '<=', 'is'];
export const CHOICE_OPERATORS: readonly Operator[] = ['=', '!=', 'in', 'not in', 'like', 'not like', 'is'];
export const LONG_TEXT_OPERATORS: readonly Operator[] = ['like', 'not like', 'is'];
