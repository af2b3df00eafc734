/** `frappe.datetime`: dates as stored text, calculated without the browser's time zone. */
import { today, type FormatContext } from '@/core/format/context';
import { addDays, addMonths, convertZone, daysBetween, formatDate, formatDatetime, formatTime, instantOf, inZone, parseDate, readDate, relativeTime, weekday } from '@/core/format/date';
import { locale } from '@/core/i18n';
import type { Bag } from './types';

const text = (value: unknown): string => (value instanceof Date ? stored(value) : String(value ?? ''));

/** A local `Date` object as stored text. */
function stored(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const keepTime = (value: unknown, date: string): string => (text(value).length > 10 && !(value instanceof Date) ? date + text(value).slice(10) : date);
const day = (value: unknown): string => text(value).slice(0, 10);

function arithmetic(): Bag {
  return {
    add_days: (value: unknown, days: number) => keepTime(value, addDays(day(value), Number(days))),
    add_months: (value: unknown, months: number) => keepTime(value, addMonths(day(value), Number(months))),
    get_day_diff: (end: unknown, start: unknown) => daysBetween(day(start), day(end)),
    get_diff: (end: unknown, start: unknown) => daysBetween(day(start), day(end)),
    get_hour_diff: (end: unknown, start: unknown) => (Date.parse(text(end).replace(' ', 'T')) - Date.parse(text(start).replace(' ', 'T'))) / 3_600_000,
    get_minute_diff: (end: unknown, start: unknown) => (Date.parse(text(end).replace(' ', 'T')) - Date.parse(text(start).replace(' ', 'T'))) / 60_000,
  };
}

function periods(context: FormatContext): Bag {
  const now = (): string => today(context);
  const weekStart = (date: string): string => addDays(date, -((weekday(readDate(date)!) - context.firstWeekday + 7) % 7));
  const quarterStart = (date: string): string => `${date.slice(0, 5)}${String(Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;
  return {
    week_start: () => weekStart(now()), week_end: () => addDays(weekStart(now()), 6),
    month_start: () => `${now().slice(0, 8)}01`, month_end: () => addDays(addMonths(`${now().slice(0, 8)}01`, 1), -1),
    quarter_start: () => quarterStart(now()), quarter_end: () => addDays(addMonths(quarterStart(now()), 3), -1),
    year_start: () => `${now().slice(0, 4)}-01-01`, year_end: () => `${now().slice(0, 4)}-12-31`,
    get_first_day_of_the_week_index: () => context.firstWeekday,
  };
}

/** The namespace. */
export function datetimeNamespace(context: FormatContext): Bag {
  const now = (): string => today(context);
  return {
    ...arithmetic(),
    ...periods(context),
    get_today: now, nowdate: now, now_date: (asObject?: boolean) => (asObject ? new Date(`${now()}T00:00:00`) : now()),
    now_datetime: (asObject?: boolean) => (asObject ? new Date() : context.now()),
    now_time: () => context.now().slice(11), get_time: (value: unknown) => formatTime(text(value), 'HH:mm:ss'),
    system_datetime: (asObject?: boolean) => (asObject ? new Date() : context.now()),
    str_to_obj: (value: unknown) => (value instanceof Date ? value : value ? new Date(text(value).length > 10 ? text(value).replace(' ', 'T') : `${day(value)}T00:00:00`) : null),
    obj_to_str: (value: unknown) => day(value), obj_to_user: (value: unknown) => formatDate(text(value), context.dateFormat),
    get_datetime_as_string: (value: unknown) => (value ? text(value) : context.now()), get_date: day,
    str_to_user: (value: unknown, onlyTime?: boolean) => onlyTime ? formatTime(text(value), context.timeFormat) : text(value).length > 10 ? formatDatetime(text(value), context.dateFormat, context.timeFormat, context.zones) : formatDate(text(value), context.dateFormat),
    user_to_str: (value: unknown) => parseDate(text(value), context.dateFormat, now()) ?? '',
    user_to_obj: (value: unknown) => { const date = parseDate(text(value), context.dateFormat, now()); return date ? new Date(`${date}T00:00:00`) : null; },
    global_date_format: (value: unknown) => new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day(value)}T00:00:00Z`)),
    convert_to_user_tz: (value: unknown) => convertZone(text(value), context.zones.system, context.zones.user),
    convert_to_system_tz: (value: unknown) => convertZone(text(value), context.zones.user, context.zones.system),
    is_timezone_same: () => context.zones.system === context.zones.user, get_system_datetime: () => inZone(new Date(), context.zones.system),
    comment_when: (value: unknown) => (value ? relativeTime(text(value), context.zones.system, new Date(), locale()) : ''),
    prettyDate: (value: unknown) => (value ? relativeTime(text(value), context.zones.system, new Date(), locale()) : ''),
    moment_to_date_obj: (value: { toDate(): Date }) => value.toDate(),
    validate: (value: unknown) => readDate(text(value)) !== null, get_user_date_fmt: () => context.dateFormat, get_user_time_fmt: () => context.timeFormat,
    to_instant: (value: unknown) => instantOf(text(value), context.zones.system),
  };
}
