/** Asks for one line of text. */
import { __ } from '@/core/i18n';
import { askValues } from '../form/dialogs';
import type { DeskServices } from '../services';

export interface PromptOptions { title: string; label: string; value?: string; action?: string; message?: string; required?: boolean }

/** The text that was given; `null` when the question was closed. */
export async function promptText(desk: DeskServices, { label, value = '', required, ...shown }: PromptOptions): Promise<string | null> {
  const fields = [{ fieldname: 'text', fieldtype: 'Data' as const, label, reqd: required ? 1 : 0, length: 255 }];
  const answer = await askValues(desk, { ...shown, size: 'small', fields, values: { text: value }, action: shown.action ?? __('OK', null, 'Desk') });
  return answer ? String(answer.text ?? '') : null;
}
