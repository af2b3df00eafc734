/** Text of all lengths, choices, links and files. Invariant: their values are text. */
import { __ } from '../i18n';
import { stripHtml } from '../text';
import { BadInput, behaviour, CHOICE_OPERATORS, LONG_TEXT_OPERATORS, type FieldBehaviour } from './types';
import type { DocField, FieldType } from '../meta/types';

/** The choices of a Select, MultiSelect or Autocomplete field: its options, one per line (or an array set by a script). */
export function choicesOf(field: DocField): { value: string; label: string }[] {
  const options: unknown = field.options;
  const items: unknown[] = Array.isArray(options) ? options : String(options ?? '').split('\n');
  return items.map((item) => {
    if (item !== null && typeof item === 'object') {
      const choice = item as { value?: unknown; label?: unknown };
      return { value: String(choice.value ?? ''), label: String(choice.label ?? choice.value ?? '') };
    }
    const value = String(item ?? '').trim();
    return { value, label: value ? __(value, null, String(field.parent ?? '')) : '' };
  });
}

/**
 * A text that the system wrote and nobody types (`read_only` and `translatable`): in the words of the reader, whole where the
 * whole is known, else part by part ("Remark, Address Changed").
 */
function written(value: unknown, field: DocField): string {
  const text = value === null || value === undefined ? '' : String(value);
  if (!text || !field.translatable || !field.read_only) return text;
  const parent = String(field.parent ?? '');
  const whole = __(text, null, parent);
  return whole === text ? text.split(/(, |; |: )/).map((part) => __(part, null, parent)).join('') : whole;
}

const long = (type: FieldType, differs: Partial<FieldBehaviour> = {}): FieldBehaviour => behaviour(type, {
  tall: true, minWidth: 200, operators: LONG_TEXT_OPERATORS, format: written, parse: (text) => text, ...differs,
});

const html = (type: FieldType): FieldBehaviour => long(type, {
  format: (value) => stripHtml(String(value ?? '')),
  isEmpty: (value) => stripHtml(String(value ?? '')) === '' && !/<(img|table|video)/.test(String(value ?? '')),
});

export const Data = behaviour('Data', { minWidth: 130, format: written });
export const SmallText = long('Small Text');
export const Text = long('Text');
export const LongText = long('Long Text');
export const TextEditor = html('Text Editor');
export const MarkdownEditor = long('Markdown Editor');
export const HTMLEditor = html('HTML Editor');
export const Code = long('Code');
export const JSONField = long('JSON', {
  format: (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')),
  normalise: (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value, null, 1) : (value ?? '')),
  parse: (text) => {
    if (text.trim()) checkJson(text);
    return text;
  },
});

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new BadInput(__('This is not valid JSON: {0}', [error instanceof Error ? error.message : '']));
  }
}

export const Select = behaviour('Select', {
  minWidth: 100,
  operators: CHOICE_OPERATORS,
  format: (value, field) => (value ? (choicesOf(field).find((choice) => choice.value === value)?.label ?? __(String(value))) : ''),
  parse: (text, field) => {
    const plain = text.trim();
    const choice = choicesOf(field).find(({ value, label }) => value.toLowerCase() === plain.toLowerCase() || label === plain);
    if (!choice && plain) throw new BadInput(__('"{0}" is not one of the choices of {1}', [plain, __(field.label ?? '')]));
    return choice?.value ?? '';
  },
});

export const Link = behaviour('Link', { minWidth: 130, operators: [...CHOICE_OPERATORS, 'descendants of', 'not descendants of', 'ancestors of', 'not ancestors of'] });
export const DynamicLink = behaviour('Dynamic Link', { minWidth: 130, operators: CHOICE_OPERATORS });
export const MultiSelect = behaviour('MultiSelect', { operators: LONG_TEXT_OPERATORS });
export const Autocomplete = behaviour('Autocomplete', { operators: CHOICE_OPERATORS });
export const ReadOnly = behaviour('Read Only');
export const Password = behaviour('Password', {
  listable: false, operators: ['is'], format: (value) => (value ? '••••••••' : ''), parse: (text) => text,
});
export const Color = behaviour('Color', {
  minWidth: 80,
  operators: CHOICE_OPERATORS,
  parse: (text) => {
    const plain = text.trim();
    if (plain && !/^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(plain)) throw new BadInput(__('"{0}" is not a colour; write for example #2490EF', [plain]));
    return plain;
  },
});
export const Barcode = behaviour('Barcode', { minWidth: 120, format: (value) => barcodeText(value) });
export const Phone = behaviour('Phone', { minWidth: 120 });
export const Icon = behaviour('Icon', { operators: CHOICE_OPERATORS });

/** The code in a Barcode value: upstream stores an SVG with the code in `data-barcode-value`, scanners give the code itself. */
export function barcodeText(value: unknown): string {
  const text = String(value ?? '');
  return text.startsWith('<svg') ? (/data-barcode-value="([^"]*)"/.exec(text)?.[1] ?? '') : text;
}

const fileName = (value: unknown): string => decodeURIComponent(String(value ?? '').split('?')[0]?.split('/').pop() ?? '');

export const Attach = behaviour('Attach', { operators: ['is', 'like', 'not like'], format: (value) => fileName(value) });
export const AttachImage = behaviour('Attach Image', { operators: ['is'], minWidth: 60, format: (value) => fileName(value) });
export const Signature = behaviour('Signature', { listable: false, tall: true, operators: ['is'], format: (value) => (value ? __('Signed') : '') });
export const Geolocation = long('Geolocation', {
  listable: false, operators: ['is'],
  normalise: (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : (value ?? '')),
});
