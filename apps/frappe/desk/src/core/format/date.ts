/**
 * Dates, times and date-times as the server stores them (`2024-01-31`, `14:05:00`, `2024-01-31 14:05:00`, in the site's
 * time zone), shown and read in the user's format and time zone.
 * Invariant: stored text is the only representation; nothing here depends on the browser's own time zone.
 */
import { toHalfWidth } from '../text';

const STORED_DATE = /^(\d{4})-(\d{2})-(\d{2})/;
const STORED_TIME = /(\d{1,2}):(\d{2})(?::(\d{2}))?/;

export interface CivilDate { year: number; month: number; day: number }

/** Reads a stored date (or the date of a stored date-time); `null` when it isn't one. */
export function readDate(value: unknown): CivilDate | null {
  const match = STORED_DATE.exec(String(value ?? ''));
  if (!match) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isValid(date) ? date : null;
}

/** Whether the calendar has this day. */
export function isValid({ year, month, day }: CivilDate): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The number of days of a month (1–12). */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const two = (number: number): string => String(number).padStart(2, '0');

/** The stored form of a date. */
export function storeDate({ year, month, day }: CivilDate): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** The stored date `days` later (earlier when negative). */
export function addDays(date: string, days: number): string {
  const civil = readDate(date);
  if (!civil) return date;
  const moved = new Date(Date.UTC(civil.year, civil.month - 1, civil.day + days));
  return moved.toISOString().slice(0, 10);
}

/** The stored date `months` later; the day is cut to the length of the month (31 January + 1 = 28 or 29 February). */
export function addMonths(date: string, months: number): string {
  const civil = readDate(date);
  if (!civil) return date;
  const index = civil.year * 12 + civil.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return storeDate({ year, month, day: Math.min(civil.day, daysInMonth(year, month)) });
}

/** Whole days from `from` to `to` (both stored dates). */
export function daysBetween(from: string, to: string): number {
  const start = readDate(from);
  const end = readDate(to);
  if (!start || !end) return 0;
  return Math.round((Date.UTC(end.year, end.month - 1, end.day) - Date.UTC(start.year, start.month - 1, start.day)) / 86_400_000);
}

/** Day of the week, 0 = Sunday. */
export function weekday(date: CivilDate): number {
  return new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
}

/** Shows a stored date in a format such as `yyyy-mm-dd`, `dd/mm/yyyy`, `mm.dd.yyyy`. */
export function formatDate(value: unknown, format: string): string {
  const date = readDate(value);
  if (!date) return value ? String(value) : '';
  return format.toLowerCase().replace('yyyy', String(date.year).padStart(4, '0')).replace('mm', two(date.month)).replace('dd', two(date.day));
}

/** Shows a stored time in `HH:mm:ss` or `HH:mm`. */
export function formatTime(value: unknown, format: string): string {
  const match = STORED_TIME.exec(String(value ?? ''));
  if (!match) return value ? String(value) : '';
  const [, hours = '0', minutes = '00', seconds = '00'] = match;
  const text = `${hours.padStart(2, '0')}:${minutes}`;
  return format.includes('ss') ? `${text}:${seconds}` : text;
}

/** Shows a stored date-time; the zones are IANA names, and equal or empty ones leave the time as it is. */
export function formatDatetime(value: unknown, dateFormat: string, timeFormat: string, zones?: Zones): string {
  if (!value) return '';
  const local = zones ? convertZone(String(value), zones.system, zones.user) : String(value);
  const time = STORED_TIME.test(local.slice(10)) ? ` ${formatTime(local.slice(11), timeFormat)}` : '';
  return formatDate(local, dateFormat) + time;
}

export interface Zones { system: string; user: string }

/** The text of an instant in a time zone, in stored form. An unknown zone counts as UTC. */
export function inZone(instant: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: knownZone(zone), hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((item) => item.type === type)?.value ?? '00';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

const zoneNames = new Map<string, string>();

function knownZone(zone: string): string {
  const known = zoneNames.get(zone);
  if (known) return known;
  let name = 'UTC';
  try {
    if (zone) name = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    // An unknown name from the server's settings must not stop a form from opening.
  }
  zoneNames.set(zone, name);
  return name;
}

/** The instant of a stored date-time that is meant in `zone`. */
export function instantOf(stored: string, zone: string): Date {
  const assumed = new Date(`${stored.slice(0, 10)}T${formatTime(stored.slice(11) || '00:00:00', 'HH:mm:ss')}Z`);
  const shown = new Date(`${inZone(assumed, zone).replace(' ', 'T')}Z`);
  return new Date(2 * assumed.getTime() - shown.getTime());
}

/** A stored date-time meant in `from`, as the same instant in `to`. */
export function convertZone(stored: string, from: string, to: string): string {
  if (!from || !to || from === to || !readDate(stored) || stored.length <= 10) return stored;
  return inZone(instantOf(stored, from), to);
}

/** The order of day, month and year in a date format. */
function order(format: string): ('y' | 'm' | 'd')[] {
  const marks = format.toLowerCase().match(/y+|m+|d+/g) ?? [];
  return marks.map((mark) => mark[0] as 'y' | 'm' | 'd');
}

/**
 * Reads a date that a person typed: in the given format with any separator, without year (the current one), eight
 * digits, `t` or `今天` for today, `+3` / `-7` for days from today. `null` when it can't be a date.
 */
export function parseDate(text: string, format: string, today: string): string | null {
  const plain = toHalfWidth(text).trim().toLowerCase();
  if (['t', 'today', '今天', '今日'].includes(plain)) return today;
  if (['昨天', 'yesterday'].includes(plain)) return addDays(today, -1);
  if (['明天', 'tomorrow'].includes(plain)) return addDays(today, 1);
  if (/^[+-]\d{1,4}$/.test(plain)) return addDays(today, Number(plain));
  const digits = /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const numbers = digits ? digits.slice(1).map(Number) : (plain.match(/\d+/g) ?? []).map(Number);
  return storeNumbers(numbers, digits || /^\d{4}/.test(plain) ? ['y', 'm', 'd'] : order(format), today);
}

function storeNumbers(numbers: number[], marks: ('y' | 'm' | 'd')[], today: string): string | null {
  const used = numbers.length === 2 ? marks.filter((mark) => mark !== 'y') : marks;
  if (numbers.length !== used.length || numbers.length < 2) return null;
  const value: Record<string, number> = { y: Number(today.slice(0, 4)) };
  used.forEach((mark, index) => (value[mark] = numbers[index] ?? 0));
  const year = (value.y ?? 0) < 100 ? 2000 + (value.y ?? 0) : (value.y ?? 0);
  const date = { year, month: value.m ?? 0, day: value.d ?? 0 };
  return isValid(date) ? storeDate(date) : null;
}

/** Reads a time that a person typed: `9`, `930`, `9:30`, `9:30:15`, `9.30`. `null` when it can't be a time. */
export function parseTime(text: string): string | null {
  const plain = toHalfWidth(text).trim().replace(/[.：]/g, ':');
  const compact = /^(\d{1,2})(\d{2})$/.exec(plain);
  const [hours, minutes = '0', seconds = '0', rest] = compact ? [compact[1], compact[2]] : plain.split(':');
  if (rest !== undefined || !hours || ![hours, minutes, seconds].every((part) => /^\d{1,2}$/.test(part ?? ''))) return null;
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h < 24 && m < 60 && s < 60 ? `${two(h)}:${two(m)}:${two(s)}` : null;
}

/** How long ago (or ahead) `stored` is from `now`, in words of the language: `3 minutes ago`, `3分钟前`. */
export function relativeTime(stored: string, zone: string, now: Date, language: string): string {
  const seconds = (instantOf(stored, zone).getTime() - now.getTime()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60],
  ];
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second');
}
