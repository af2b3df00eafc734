import { describe, expect, it } from 'vitest';
import { calculate, editableNumber, flt, formatNumber, NotANumber, parseNumber, parseNumberFormat, round, toInteger, toNumber } from './number';

const FORMATS = ['#,###.##', '#.###,##', '# ###.##', "#'###.##", '#, ###.##', '#,##,###.##', '#,###.###', '#.##', '#.########'];

describe('number formats', () => {
  it.each([
    ['#,###.##', '.', ',', 2], ['#.###,##', ',', '.', 2], ['# ###.##', '.', ' ', 2], ["#'###.##", '.', "'", 2], ['#,###.###', '.', ',', 3],
    ['#,###', '', ',', 0], ['#.###', '', '.', 0], ['#.##', '.', '', 2], ['#.########', '.', '', 8],
  ])('reads %s', (pattern, decimal, group, precision) => {
    expect(parseNumberFormat(pattern)).toMatchObject({ decimal, group, precision });
  });

  it('groups thousands, and lakhs where the format says so', () => {
    expect(formatNumber(1234567.891, '#,###.##', { precision: 2 })).toBe('1,234,567.89');
    expect(formatNumber(1234567.891, '#.###,##', { precision: 2 })).toBe('1.234.567,89');
    expect(formatNumber(1234567.891, '#,##,###.##', { precision: 2 })).toBe('12,34,567.89');
    expect(formatNumber(-1234.5, '# ###.##', { precision: 2 })).toBe('-1 234.50');
  });

  it('leaves out zeros at the end when asked', () => {
    expect(formatNumber(10, '#,###.##', { precision: 3, trim: true })).toBe('10');
    expect(formatNumber(10.25, '#,###.##', { precision: 3, trim: true })).toBe('10.25');
    expect(formatNumber(100, '#,###.##', { precision: 0, trim: true })).toBe('100');
  });

  it.each(FORMATS)('reads back what it shows in %s', (pattern) => {
    for (const value of [0, 1, -1, 999.99, 1000, 1234567.89, -0.05, 12345678901.23]) {
      const shown = formatNumber(value, pattern, { precision: 2 });
      expect(parseNumber(shown, pattern)).toBeCloseTo(value, 6);
    }
  });
});

describe('rounding', () => {
  it('takes decimal halves away from zero although binary fractions are off', () => {
    expect(round(1.005, 2)).toBe(1.01);
    expect(round(2.675, 2)).toBe(2.68);
    expect(round(-1.005, 2)).toBe(-1.01);
    expect(round(0.285, 2)).toBe(0.29);
  });

  it('takes halves to even with the banker', () => {
    expect(round(0.5, 0, "Banker's Rounding")).toBe(0);
    expect(round(1.5, 0, "Banker's Rounding")).toBe(2);
    expect(round(2.345, 2, "Banker's Rounding")).toBe(2.34);
  });

  it('never gives minus zero, and zero for what is no number', () => {
    expect(Object.is(round(-0.001, 2), 0)).toBe(true);
    expect(round(Number.NaN, 2)).toBe(0);
  });

  it('follows flt: text, groups, nothing', () => {
    expect(flt('1,234.567', 2)).toBe(1234.57);
    expect(flt(null)).toBe(0);
    expect(flt('abc', 2)).toBe(0);
    expect(toNumber(true)).toBe(1);
    expect(toInteger('12.9')).toBe(12);
    expect(toInteger(-12.9)).toBe(-12);
  });
});

describe('typed numbers', () => {
  it('understands what people type', () => {
    expect(parseNumber('1,234.5', '#,###.##')).toBe(1234.5);
    expect(parseNumber('１２．５', '#,###.##')).toBe(12.5);
    expect(parseNumber('￥99', '#,###.##')).toBe(99);
    expect(parseNumber('15%', '#,###.##')).toBe(15);
    expect(parseNumber('1.234,5', '#.###,##')).toBe(1234.5);
    expect(parseNumber('', '#,###.##')).toBeNull();
  });

  it('works sums out', () => {
    expect(parseNumber('3*12+5', '#,###.##')).toBe(41);
    expect(calculate('0.1+0.2')).toBe(0.3);
    expect(calculate('(2+3)*-4')).toBe(-20);
    expect(calculate('10/4')).toBe(2.5);
  });

  it.each(['abc', '1+', '1 2 3 x', '2**3', '(1', 'alert(1)', '1/0'])('refuses %s', (text) => {
    expect(() => parseNumber(text, '#,###.##')).toThrow(NotANumber);
  });

  it('gives plain text for editing', () => {
    expect(editableNumber(1234.5, '#,###.##', 2)).toBe('1234.5');
    expect(editableNumber(1234.5, '#.###,##', 2)).toBe('1234,5');
    expect(editableNumber(100, '#,###.##', 2)).toBe('100');
  });
});
