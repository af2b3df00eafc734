import { describe, expect, it } from 'vitest';
import { setCatalogues } from '../i18n';
import type { DocField, FieldType } from '../meta/types';
import { testFormat } from '../../../tests/format';
import { currencyOf, precisionOf, starsOf } from './numeric';
import { BEHAVIOURS, behaviourOf, formatValue } from './registry';
import { barcodeText, choicesOf } from './textual';
import { BadInput } from './types';

const context = testFormat();
const field = (fieldtype: FieldType, more: Partial<DocField> = {}): DocField => ({ fieldname: 'f', fieldtype, label: 'F', ...more });
const show = (type: FieldType, value: unknown, more: Partial<DocField> = {}, doc = {}): string => formatValue(value, field(type, more), context, doc);
const read = (type: FieldType, text: string, more: Partial<DocField> = {}): unknown => behaviourOf(type).parse(text, field(type, more), context);

describe('every field type', () => {
  it.each(Object.entries(BEHAVIOURS))('%s shows anything as text and never throws', (type, behaviour) => {
    for (const value of [null, undefined, '', 0, 'x', [], {}, '2024-01-01', Number.NaN]) {
      expect(typeof behaviour.format(value, field(type as FieldType), context)).toBe('string');
    }
  });

  it('that is unknown behaves as Data', () => {
    expect(behaviourOf('Moonshine')).toBe(BEHAVIOURS.Data);
  });
});

describe('masked values', () => {
  it('are shown as they come where the field is masked', () => {
    expect(show('Currency', 'XXXXXXXX', { mask: 1 })).toBe('XXXXXXXX');
    expect(show('Date', 'XX-XX-XXXX', { mask: 1 })).toBe('XX-XX-XXXX');
    expect(show('Currency', 12, { mask: 1 })).toBe('12.00');
  });
});

describe('numbers', () => {
  it('are shown with their precision', () => {
    expect(show('Int', 1234567)).toBe('1,234,567');
    expect(show('Float', 10)).toBe('10');
    expect(show('Float', 1.23456)).toBe('1.235');
    expect(show('Float', 1.5, { precision: '2' })).toBe('1.50');
    expect(show('Percent', 12.5)).toBe('12.5%');
    expect(show('Percent', 12.5, { label: 'On Time (%)' })).toBe('12.5');
    expect(show('Currency', 1234.5)).toBe('1,234.50');
    expect(show('Currency', 1.2345, { precision: 4 })).toBe('1.2345');
    expect(show('Float', null)).toBe('');
  });

  it('are read, with sums, and refused with words', () => {
    expect(read('Currency', '3*12')).toBe(36);
    expect(read('Int', '12.9')).toBe(12);
    expect(read('Float', '')).toBe(0);
    expect(() => read('Float', 'many')).toThrow(BadInput);
    expect(() => read('Float', '-1', { non_negative: 1 })).toThrow('cannot be negative');
  });

  it('of money follow the currency that their options name', () => {
    const format = testFormat({ currencies: { CNY: {}, JPY: { number_format: '#,###' } } });
    expect(currencyOf(field('Currency', { options: 'paid_in' }), format, { paid_in: 'JPY' })).toBe('JPY');
    expect(currencyOf(field('Currency'), format, { currency: 'USD' })).toBe('USD');
    expect(currencyOf(field('Currency', { options: 'JPY' }), format)).toBe('JPY');
    expect(currencyOf(field('Currency'), format)).toBe('CNY');
    expect(precisionOf(field('Currency'), format, 'JPY')).toBe(0);
    expect(formatValue(1234.5, field('Currency', { options: 'paid_in' }), format, { paid_in: 'JPY' })).toBe('1,235');
  });

  it('of money follow a linked document, once it is known', () => {
    const options = 'Company:company:default_currency';
    const linked = testFormat({ linked: (doctype, name, fieldname) => (doctype === 'Company' && name === 'EC' && fieldname === 'default_currency' ? 'EUR' : undefined) });
    expect(currencyOf(field('Currency', { options }), linked, { company: 'EC', currency: 'USD' })).toBe('EUR');
    expect(currencyOf(field('Currency', { options }), context, { company: 'EC', currency: 'USD' })).toBe('CNY');
  });

  it('as stars and durations keep their own units', () => {
    expect(starsOf(field('Rating', { options: '10' }))).toBe(10);
    expect(starsOf(field('Rating', { options: '99' }))).toBe(5);
    expect(show('Rating', 0.6)).toBe('3 / 5');
    expect(show('Duration', 3660)).toBe('1h 1m');
    expect(read('Duration', '1h 1m')).toBe(3660);
    expect(() => read('Duration', 'long')).toThrow(BadInput);
  });

  it('of yes and no understand what spreadsheets hold', () => {
    expect(['1', 'yes', '是', '√', 'TRUE'].map((text) => read('Check', text))).toEqual([1, 1, 1, 1, 1]);
    expect(['0', 'no', '', '否'].map((text) => read('Check', text))).toEqual([0, 0, 0, 0]);
    expect(BEHAVIOURS.Check.normalise('1')).toBe(1);
    expect(BEHAVIOURS.Check.normalise(true)).toBe(1);
  });
});

describe('times', () => {
  it('are shown and read in the user\'s formats', () => {
    expect(show('Date', '2024-01-05')).toBe('2024-01-05');
    expect(read('Date', 't')).toBe('2024-03-15');
    expect(read('Datetime', '2024-01-05 9:30')).toBe('2024-01-05 09:30:00');
    expect(read('Datetime', '9:30')).toBe('2024-03-15 09:30:00');
    expect(read('Time', '930')).toBe('09:30:00');
    expect(() => read('Date', 'soon')).toThrow('2024-03-15');
  });

  it('of a user elsewhere are shown there and stored here', () => {
    const elsewhere = testFormat({ zones: { system: 'Asia/Shanghai', user: 'Europe/Berlin' } });
    expect(formatValue('2024-03-15 10:30:00', field('Datetime'), elsewhere)).toBe('2024-03-15 03:30');
    expect(BEHAVIOURS.Datetime.parse('2024-03-15 03:30', field('Datetime'), elsewhere)).toBe('2024-03-15 10:30:00');
  });

  it('come in one form whatever the server sent', () => {
    expect(BEHAVIOURS.Datetime.normalise('2024-01-05T09:30:00.123456')).toBe('2024-01-05 09:30:00');
    expect(BEHAVIOURS.Date.normalise('2024-01-05 00:00:00')).toBe('2024-01-05');
    expect(BEHAVIOURS.Time.normalise('9:05:00.000000')).toBe('09:05:00');
  });
});

describe('text', () => {
  it('of choices is read by value and by translation', () => {
    setCatalogues('zh', { Red: '红' });
    const options = { options: '\nRed\nGreen' };
    expect(choicesOf(field('Select', options)).map((choice) => choice.label)).toEqual(['', '红', 'Green']);
    expect(read('Select', '红', options)).toBe('Red');
    expect(read('Select', 'green', options)).toBe('Green');
    expect(show('Select', 'Red', options)).toBe('红');
    expect(() => read('Select', 'Blue', options)).toThrow(BadInput);
  });

  it('with marks is shown without them', () => {
    expect(show('Text Editor', '<p>a &lt; b</p><p>c</p>')).toBe('a < b c');
    expect(BEHAVIOURS['Text Editor'].isEmpty('<p> </p>')).toBe(true);
    expect(BEHAVIOURS['Text Editor'].isEmpty('<p><img src="x"></p>')).toBe(false);
  });

  it('of files, codes, colours and secrets', () => {
    expect(show('Attach', '/private/files/a%20b.pdf')).toBe('a b.pdf');
    expect(barcodeText('<svg data-barcode-value="690123"></svg>')).toBe('690123');
    expect(read('Color', '#2490EF')).toBe('#2490EF');
    expect(() => read('Color', 'blue')).toThrow(BadInput);
    expect(show('Password', 'secret')).not.toContain('secret');
    expect(() => read('JSON', '{a}')).toThrow(BadInput);
    expect(read('JSON', '{"a":1}')).toBe('{"a":1}');
  });
});

describe('tables', () => {
  it('are arrays, and empty without rows', () => {
    expect(BEHAVIOURS.Table.normalise(null)).toEqual([]);
    expect(BEHAVIOURS.Table.isEmpty([])).toBe(true);
    expect(show('Table', [{}, {}])).toBe('2 rows');
  });
});

describe('a text that the system wrote', () => {
  it('stands in the words of the reader, whole or part by part; what a person types stays', () => {
    setCatalogues('zh', { 'No, thanks': '不用', Remark: '备注', 'Address Changed': '地址变更' });
    const written = { read_only: 1, translatable: 1 };
    expect(show('Data', 'Remark, Address Changed', written)).toBe('备注, 地址变更');
    expect(show('Small Text', 'No, thanks', written)).toBe('不用');
    expect(show('Data', 'Remark', { translatable: 1 })).toBe('Remark');
    expect(show('Data', 'Remark', { read_only: 1 })).toBe('Remark');
    setCatalogues('en');
  });
});
