/** How several documents shall be printed, asked before the server makes one PDF of them. */
import { __ } from '@/core/i18n';
import { askValues } from '../form/dialogs';
import type { DeskServices } from '../services';

interface Choices { formats: { name: string; label: string; default: number }[]; letterheads: { name: string; is_default: number }[]; languages: { name: string; language_name: string }[]; with_letterhead: number }

/** Asks for format, letter head and direction; the parameters of a print, or `null` when it was given up. */
export async function askPrint(desk: DeskServices, doctype: string, count: number): Promise<Record<string, unknown> | null> {
  const { message: choices } = await desk.api.get<Choices>('frappe.www.printview.get_print_choices', { doctype });
  const format = choices.formats.find((item) => item.default) ?? choices.formats[0];
  const head = choices.with_letterhead ? choices.letterheads.find((item) => item.is_default)?.name : '';
  const given = await askValues(desk, {
    title: __('Print {0} documents', [count]), action: __('Continue', null, 'Desk'), size: 'small',
    values: { format: format?.name ?? '', letterhead: head ?? '', landscape: 0 },
    fields: [
      { fieldname: 'format', fieldtype: 'Select', label: __('Print format'), options: choices.formats.map((item) => item.name).join('\n'), reqd: 1 },
      { fieldname: 'letterhead', fieldtype: 'Select', label: __('Letter head'), options: ['', ...choices.letterheads.map((item) => item.name)].join('\n') },
      { fieldname: 'landscape', fieldtype: 'Check', label: __('Landscape') },
    ],
  });
  return given && { format: given.format, letterhead: given.letterhead ?? '', no_letterhead: given.letterhead ? 0 : 1, orientation: given.landscape ? 'Landscape' : 'Portrait' };
}
