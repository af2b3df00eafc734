import { describe, expect, it } from 'vitest';
import { addDays, addMonths, convertZone, daysBetween, formatDate, formatDatetime, formatTime, inZone, instantOf, parseDate, parseTime, readDate, relativeTime } from './date';

const TODAY = '2024-03-15';

describe('dates', () => {
  it('are shown in every order', () => {
    expect(formatDate('2024-01-31', 'yyyy-mm-dd')).toBe('2024-01-31');
    expect(formatDate('2024-01-31', 'dd/mm/yyyy')).toBe('31/01/2024');
    expect(formatDate('2024-01-31 10:00:00', 'mm.dd.yyyy')).toBe('01.31.2024');
    expect(formatDate('', 'yyyy-mm-dd')).toBe('');
  });

  it('that the calendar lacks are no dates', () => {
    expect(readDate('2023-02-29')).toBeNull();
    expect(readDate('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
    expect(readDate('hello')).toBeNull();
  });

  it('move by days and months', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-01-01', -1)).toBe('2023-12-31');
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2024-01-15', -2)).toBe('2023-11-15');
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  });

  it.each([
    ['2024-1-5', '2024-01-05'], ['20240105', '2024-01-05'], ['2024年1月5日', '2024-01-05'], ['t', TODAY], ['今天', TODAY], ['昨天', '2024-03-14'], ['+3', '2024-03-18'],
    ['-7', '2024-03-08'], ['1-5', '2024-01-05'], ['２０２４－０１－０５', '2024-01-05'], ['24-1-5', '2024-01-05'],
  ])('are read from %s', (text, stored) => {
    expect(parseDate(text, 'yyyy-mm-dd', TODAY)).toBe(stored);
  });

  it('are read in the order of the format', () => {
    expect(parseDate('5/1/2024', 'dd/mm/yyyy', TODAY)).toBe('2024-01-05');
    expect(parseDate('5/1/2024', 'mm/dd/yyyy', TODAY)).toBe('2024-05-01');
    expect(parseDate('5/1', 'dd/mm/yyyy', TODAY)).toBe('2024-01-05');
  });

  it.each(['', 'abc', '2024-13-01', '2024-02-30', '5', '1-2-3-4'])('are not read from "%s"', (text) => {
    expect(parseDate(text, 'yyyy-mm-dd', TODAY)).toBeNull();
  });
});

describe('times', () => {
  it.each([['9', '09:00:00'], ['930', '09:30:00'], ['9:30', '09:30:00'], ['21.45', '21:45:00'], ['9：30', '09:30:00'], ['09:30:15', '09:30:15']])('are read from %s', (text, stored) => {
    expect(parseTime(text)).toBe(stored);
  });

  it.each(['', '25', '9:60', '1:2:3:4', 'x'])('are not read from "%s"', (text) => {
    expect(parseTime(text)).toBeNull();
  });

  it('are shown with and without seconds', () => {
    expect(formatTime('9:05:07', 'HH:mm:ss')).toBe('09:05:07');
    expect(formatTime('09:05:07', 'HH:mm')).toBe('09:05');
  });
});

describe('time zones', () => {
  it('turn a stored time into the same instant elsewhere', () => {
    expect(convertZone('2024-03-15 10:30:00', 'Asia/Shanghai', 'Europe/Berlin')).toBe('2024-03-15 03:30:00');
    expect(convertZone('2024-07-15 10:30:00', 'Asia/Shanghai', 'Europe/Berlin')).toBe('2024-07-15 04:30:00');
    expect(convertZone('2024-03-15 10:30:00', 'Asia/Shanghai', 'Asia/Shanghai')).toBe('2024-03-15 10:30:00');
  });

  it('come back to where they were', () => {
    const there = convertZone('2024-11-03 12:00:00', 'Asia/Shanghai', 'America/New_York');
    expect(convertZone(there, 'America/New_York', 'Asia/Shanghai')).toBe('2024-11-03 12:00:00');
  });

  it('that nobody knows count as UTC', () => {
    expect(inZone(new Date('2024-03-15T02:30:00Z'), 'Moon/Sea')).toBe('2024-03-15 02:30:00');
    expect(instantOf('2024-03-15 10:30:00', 'Asia/Shanghai').toISOString()).toBe('2024-03-15T02:30:00.000Z');
  });

  it('are applied when a moment is shown', () => {
    expect(formatDatetime('2024-03-15 10:30:00', 'yyyy-mm-dd', 'HH:mm', { system: 'Asia/Shanghai', user: 'UTC' })).toBe('2024-03-15 02:30');
  });
});

describe('time past', () => {
  const now = new Date('2024-03-15T02:30:00Z');
  it.each([['2024-03-15 10:27:00', '3 minutes ago'], ['2024-03-15 08:30:00', '2 hours ago'], ['2024-03-14 10:30:00', 'yesterday'], ['2023-01-15 10:30:00', 'last year']])('is told in words: %s', (stored, words) => {
    expect(relativeTime(stored, 'Asia/Shanghai', now, 'en')).toBe(words);
  });

  it('is told in Chinese', () => {
    expect(relativeTime('2024-03-15 10:27:00', 'Asia/Shanghai', now, 'zh-CN')).toBe('3分钟前');
  });
});
