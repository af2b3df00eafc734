/** Tables, layout and what shows something without storing it. Invariant: a table's value is always an array. */
import { __ } from '../i18n';
import { behaviour, type FieldBehaviour } from './types';
import type { FieldType } from '../meta/types';

const rowsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const table = (type: FieldType): FieldBehaviour => behaviour(type, {
  stored: false, tall: true, listable: false, operators: [],
  format: (value) => (rowsOf(value).length ? __('{0} rows', [rowsOf(value).length]) : ''),
  normalise: rowsOf,
  isEmpty: (value) => rowsOf(value).length === 0,
});

const display = (type: FieldType): FieldBehaviour => behaviour(type, {
  stored: false, listable: false, operators: [], format: () => '', normalise: (value) => value, isEmpty: () => false,
});

export const Table = table('Table');
export const TableMultiSelect = table('Table MultiSelect');
export const Button = display('Button');
export const HTML = display('HTML');
export const Heading = display('Heading');
export const Image = display('Image');
export const SectionBreak = display('Section Break');
export const ColumnBreak = display('Column Break');
export const TabBreak = display('Tab Break');
