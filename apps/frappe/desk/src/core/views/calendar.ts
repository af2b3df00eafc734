/** Days of a month in weeks, and bars of a time line. Invariant: pure; days are `yyyy-mm-dd` and need no time zone. */
import { addDays, addMonths } from '../format/date';

const MILLISECONDS = 86_400_000;
const stamp = (day: string): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`);

/** 0 is Sunday. */
export function weekday(day: string): number {
  return new Date(stamp(day)).getUTCDay();
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((stamp(to) - stamp(from)) / MILLISECONDS);
}

/** The weeks that a month's sheet shows: whole ones, beginning with `firstWeekday`. */
export function monthWeeks(month: string, firstWeekday: number): string[][] {
  const first = `${month.slice(0, 7)}-01`;
  const start = addDays(first, -((weekday(first) - firstWeekday + 7) % 7));
  const last = addDays(addMonths(first, 1), -1);
  const weeks = Math.ceil((daysBetween(start, last) + 1) / 7);
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (_day, day) => addDays(start, week * 7 + day)));
}

/** Rows by the day of a field. */
export function byDay<Row extends Record<string, unknown>>(rows: readonly Row[], fieldname: string): Map<string, Row[]> {
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const day = String(row[fieldname] ?? '').slice(0, 10);
    if (day) days.set(day, [...(days.get(day) ?? []), row]);
  }
  return days;
}

export interface Bar<Row> { row: Row; offset: number; length: number }
export interface TimeLine<Row> { start: string; days: number; bars: Bar<Row>[] }

/** Rows as bars from their first to their last day, on one line of days; a row without an end lasts a day. Ends before the start are put right. */
export function timeLine<Row extends Record<string, unknown>>(rows: readonly Row[], startField: string, endField: string, today: string): TimeLine<Row> {
  const spans = rows.flatMap((row) => {
    const from = String(row[startField] ?? '').slice(0, 10);
    const to = String(row[endField] ?? '').slice(0, 10) || from;
    return from ? [{ row, from: from < to ? from : to, to: from < to ? to : from }] : [];
  });
  if (!spans.length) return { start: today, days: 0, bars: [] };
  const start = addDays(spans.reduce((least, { from }) => (from < least ? from : least), spans[0]!.from), -2);
  const end = spans.reduce((most, { to }) => (to > most ? to : most), spans[0]!.to);
  return { start, days: daysBetween(start, end) + 4, bars: spans.map(({ row, from, to }) => ({ row, offset: daysBetween(start, from), length: daysBetween(from, to) + 1 })) };
}
