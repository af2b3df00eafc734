/** Has a report sent by mail again and again (`Auto Email Report`). */
import { addressesIn } from '@/core/mail';
import { __ } from '@/core/i18n';
import { labelOf } from '@/core/meta/meta';
import type { DocField } from '@/core/meta/types';
import { askValues } from '../form/dialogs';
import type { DeskServices } from '../services';

const PERIODS = ['Daily', 'Weekly', 'Monthly', 'Quarterly', 'Half Yearly', 'Yearly'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The fields of the question; dates that move along only for reports that ask for dates. */
export function scheduleFields(dates: readonly DocField[]): Partial<DocField>[] {
  const moving: Partial<DocField>[] = dates.length < 2 ? [] : [
    { fieldname: 'dates', fieldtype: 'Section Break', label: __('Dates that move along') },
    { fieldname: 'dynamic_date_period', fieldtype: 'Select', label: __('Period', null, 'Desk'), options: ['', ...PERIODS].join('\n'), description: __('With a period the report always covers the last one; else the dates stay as they are now.') },
    { fieldname: 'from_date_field', fieldtype: 'Select', label: __('From', null, 'Desk'), options: dates.map(({ fieldname }) => fieldname).join('\n'), depends_on: 'eval:doc.dynamic_date_period' },
    { fieldname: 'to_date_field', fieldtype: 'Select', label: __('Until'), options: dates.map(({ fieldname }) => fieldname).join('\n'), depends_on: 'eval:doc.dynamic_date_period' },
  ];
  return [
    { fieldname: 'email_to', fieldtype: 'Small Text', label: __('Send to'), reqd: 1, description: __('Addresses, with commas between them.') },
    { fieldname: 'frequency', fieldtype: 'Select', label: __('How often'), options: 'Daily\nWeekdays\nWeekly\nMonthly', reqd: 1 },
    { fieldname: 'day_of_week', fieldtype: 'Select', label: __('On', null, 'Desk'), options: DAYS.join('\n'), depends_on: "eval:doc.frequency == 'Weekly'" },
    { fieldname: 'column_schedule', fieldtype: 'Column Break' },
    { fieldname: 'format', fieldtype: 'Select', label: __('As', null, 'Desk'), options: 'HTML\nXLSX\nCSV\nPDF', reqd: 1 },
    { fieldname: 'no_of_rows', fieldtype: 'Int', label: __('At most this many rows') },
    { fieldname: 'send_if_data', fieldtype: 'Check', label: __('Only when there are rows') },
    ...moving,
  ];
}

/** Asks when and to whom, and keeps the schedule; a test mail is offered at once. */
export async function scheduleReport(desk: DeskServices, report: string, filters: Readonly<Record<string, unknown>>, fields: readonly DocField[]): Promise<void> {
  const dates = fields.filter((field) => field.fieldtype === 'Date').map((field) => ({ ...field, label: labelOf(field) }));
  const given = await askValues(desk, {
    title: __('Send {0} by mail', [__(report)]), action: __('Keep the schedule'), fields: scheduleFields(dates),
    values: { email_to: desk.boot.user.email, frequency: 'Weekly', day_of_week: 'Monday', format: 'XLSX', no_of_rows: 1000, send_if_data: 1, from_date_field: dates[0]?.fieldname ?? '', to_date_field: dates[1]?.fieldname ?? '' },
  });
  if (!given) return;
  try {
    const { dynamic_date_period: period, from_date_field: from, to_date_field: to, email_to: people, ...rest } = given;
    const moving = period ? { dynamic_date_period: period, from_date_field: from, to_date_field: to } : {};
    const doc = { doctype: 'Auto Email Report', report, user: desk.actor.name, enabled: 1, ...rest, ...moving, email_to: addressesIn(people).join('\n'), filters: JSON.stringify(filters) };
    const { message: stored } = await desk.api.post<{ name: string }>('frappe.client.insert', { doc });
    desk.overlay.toast(__('The report will be sent by mail.'), 'green', { action: { label: __('Send one now'), run: () => void sendNow(desk, stored.name) } });
  } catch (error) {
    desk.overlay.error(error);
  }
}

async function sendNow(desk: DeskServices, name: string): Promise<void> {
  try {
    await desk.api.post('frappe.email.doctype.auto_email_report.auto_email_report.send_now', { name });
    desk.overlay.toast(__('The mail is on its way.'), 'green');
  } catch (error) {
    desk.overlay.error(error);
  }
}
