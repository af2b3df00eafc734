/** Date, Datetime, Time. Invariant: their values are stored text (`format/date.ts`) or empty. */
import { today, type FormatContext } from '../format/context';
import { convertZone, formatDate, formatDatetime, formatTime, parseDate, parseTime, readDate } from '../format/date';
import { __ } from '../i18n';
import { BadInput, behaviour, DATE_OPERATORS, NUMBER_OPERATORS } from './types';

function readDateText(text: string, context: FormatContext): string {
  if (!text.trim()) return '';
  const date = parseDate(text, context.dateFormat, today(context));
  if (!date) throw new BadInput(__('"{0}" is not a date; write for example {1}', [text.trim(), formatDate(today(context), context.dateFormat)]));
  return date;
}

function readTimeText(text: string): string {
  if (!text.trim()) return '';
  const time = parseTime(text);
  if (!time) throw new BadInput(__('"{0}" is not a time; write for example {1}', [text.trim(), '14:30']));
  return time;
}

export const DateField = behaviour('Date', {
  minWidth: 100,
  operators: DATE_OPERATORS,
  format: (value, _field, context) => formatDate(value, context.dateFormat),
  parse: (text, _field, context) => readDateText(text, context),
  normalise: (value) => (readDate(value) ? String(value).slice(0, 10) : ''),
});

export const Datetime = behaviour('Datetime', {
  minWidth: 140,
  operators: DATE_OPERATORS,
  format: (value, _field, context) => formatDatetime(value, context.dateFormat, context.timeFormat.replace(':ss', ''), context.zones),
  parse: (text, _field, context) => readDatetimeText(text, context),
  normalise: (value) => (readDate(value) ? String(value).replace('T', ' ').slice(0, 19) : ''),
});

/** A typed date-time is meant in the user's time zone; a date alone means its midnight, a time alone today. */
function readDatetimeText(text: string, context: FormatContext): string {
  const plain = text.trim();
  if (!plain) return '';
  if (['n', 'now', '现在'].includes(plain.toLowerCase())) return context.now();
  const clock = /(?:^|\s)(\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)$/.exec(plain);
  const rest = clock ? plain.slice(0, clock.index).trim() : plain;
  const date = rest ? readDateText(rest, context) : today(context);
  const time = clock ? readTimeText(clock[1] ?? '') : '00:00:00';
  return convertZone(`${date} ${time}`, context.zones.user, context.zones.system);
}

export const Time = behaviour('Time', {
  minWidth: 80,
  operators: NUMBER_OPERATORS,
  format: (value, _field, context) => formatTime(value, context.timeFormat),
  parse: (text) => readTimeText(text),
  normalise: (value) => formatTime(value, 'HH:mm:ss'),
});
