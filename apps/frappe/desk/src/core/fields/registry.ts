/** All field types by name. Invariant: every `FieldType` has a behaviour; an unknown type behaves as Data. */
import type { Doc } from '../document/types';
import type { FormatContext } from '../format/context';
import type { DocField, FieldType } from '../meta/types';
import * as numeric from './numeric';
import * as structural from './structural';
import * as temporal from './temporal';
import * as textual from './textual';
import type { FieldBehaviour } from './types';

export const BEHAVIOURS: Readonly<Record<FieldType, FieldBehaviour>> = {
  Data: textual.Data, 'Small Text': textual.SmallText, Text: textual.Text, 'Long Text': textual.LongText,
  'Text Editor': textual.TextEditor, 'Markdown Editor': textual.MarkdownEditor, 'HTML Editor': textual.HTMLEditor,
  Code: textual.Code, JSON: textual.JSONField, Int: numeric.Int, Float: numeric.Float, Currency: numeric.Currency,
  Percent: numeric.Percent, Check: numeric.Check, Select: textual.Select, Link: textual.Link,
  'Dynamic Link': textual.DynamicLink, Date: temporal.DateField, Datetime: temporal.Datetime, Time: temporal.Time,
  Duration: numeric.Duration, Table: structural.Table, 'Table MultiSelect': structural.TableMultiSelect,
  MultiSelect: textual.MultiSelect, Autocomplete: textual.Autocomplete, Attach: textual.Attach,
  'Attach Image': textual.AttachImage, Image: structural.Image, Password: textual.Password, 'Read Only': textual.ReadOnly,
  Rating: numeric.Rating, Color: textual.Color, Barcode: textual.Barcode, Geolocation: textual.Geolocation,
  Signature: textual.Signature, Icon: textual.Icon, Phone: textual.Phone, Button: structural.Button,
  HTML: structural.HTML, Heading: structural.Heading, 'Section Break': structural.SectionBreak,
  'Column Break': structural.ColumnBreak, 'Tab Break': structural.TabBreak,
};

/** The behaviour of a field (or of a type's name). */
export function behaviourOf(field: DocField | string): FieldBehaviour {
  const type = typeof field === 'string' ? field : field.fieldtype;
  return BEHAVIOURS[type as FieldType] ?? BEHAVIOURS.Data;
}

/** The value as plain text in the user's formats. */
export function formatValue(value: unknown, field: DocField, context: FormatContext, doc?: Partial<Doc>): string {
  return isMasked(field, value) ? String(value) : behaviourOf(field).format(value, field, context, doc);
}

/** Whether the server sent something that stands for the value, because the user does not see values of this field. */
export function isMasked(field: DocField, value: unknown): boolean {
  return Boolean(field.mask) && typeof value === 'string' && /XXXXXX|^XX-XX-XXXX$|^XX:XX$/.test(value);
}

/** Whether the field begins a tab, section or column. */
export function isLayout(field: DocField): boolean {
  return field.fieldtype === 'Section Break' || field.fieldtype === 'Column Break' || field.fieldtype === 'Tab Break';
}

/** Whether the field holds rows. */
export function isTable(field: DocField): boolean {
  return field.fieldtype === 'Table' || field.fieldtype === 'Table MultiSelect';
}

/** Whether the field keeps a value in the document (a column or rows). */
export function hasValue(field: DocField): boolean {
  return behaviourOf(field).stored || isTable(field);
}

/** Whether the field's value is a number. */
export function isNumeric(field: DocField): boolean {
  return ['Int', 'Float', 'Currency', 'Percent', 'Duration', 'Rating', 'Check'].includes(field.fieldtype);
}
