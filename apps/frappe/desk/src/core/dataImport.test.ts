import { describe, expect, it } from 'vitest';
import { byRow, LEFT_OUT, logRows, logText, mapping, missingFields, withTarget, type ImportField, type ImportLog, type ImportPreview } from './dataImport';

const column = (index: number, header: string, field: string | null, skip = false): ImportPreview['columns'][number] => ({ header_title: header, index, column_number: index + 1, skip_import: skip, map_to_field: field, df: null, warnings: 0 });
const preview: ImportPreview = {
  data: [[2, 'C-1', '', 'x'], [3, 'C-2', 'note', null]], columns: [column(-1, 'Sr. No', null, true), column(0, 'Code', 'sku_code'), column(1, 'Odd', null), column(2, 'Junk', null, true)],
  warnings: [], max_rows_exceeded: false, total_number_of_rows: 2, total_documents: 2, encoding: 'utf-8', rows_with_errors: 0, can_import: true,
};
const field = (value: string, more: Partial<ImportField> = {}): ImportField => ({ value, fieldname: value, label: value, heading: value, parent: 'SKU', table: null, fieldtype: 'Data', reqd: 0, ...more });
const log = (more: Partial<ImportLog>): ImportLog => ({ success: 0, docname: null, messages: '[]', exception: '', row_indexes: '[]', log_index: 1, ...more });

describe('the mapping of columns', () => {
  it('says where each column goes and what is in it', () => {
    expect(mapping(preview, JSON.stringify(withTarget(null, 2, LEFT_OUT))).map(({ target, samples }) => [target, samples])).toEqual([['sku_code', ['C-1', 'C-2']], ['', ['note']], [LEFT_OUT, ['x']]]);
  });

  it('is changed for one column and keeps the other options', () => {
    const options = JSON.stringify({ remove: 1, column_to_field_map: { 0: 'a', 1: 'b' } });
    expect(withTarget(options, 1, 'c')).toEqual({ remove: 1, column_to_field_map: { 0: 'a', 1: 'c' } });
    expect(withTarget(options, 1, '')).toEqual({ remove: 1, column_to_field_map: { 0: 'a' } });
    expect(withTarget(null, 0, LEFT_OUT)).toEqual({ column_to_field_map: { 0: LEFT_OUT } });
  });

  it('tells what is required and not brought; rows only when they are brought at all', () => {
    const fields = [field('name', { reqd: 1 }), field('sku_code', { reqd: 1 }), field('sku_name', { reqd: 1 }), field('items.sku', { reqd: 1, table: 'items' })];
    expect(missingFields(fields, preview, false).map((each) => each.value)).toEqual(['sku_name']);
    expect(missingFields(fields, preview, true).map((each) => each.value)).toEqual(['name']);
  });
});

describe('problems', () => {
  it('are grouped by row, those of the whole file first', () => {
    const groups = byRow([{ row: 5, col: 1, message: 'b', type: 'error' }, { row: null, col: null, message: 'a', type: 'warning' }, { row: 5, col: 2, message: 'c', type: 'error' }]);
    expect(groups.map((group) => [group.row, group.problems.length])).toEqual([[null, 1], [5, 2]]);
  });

  it('of a log are said in words', () => {
    expect(logText(log({ messages: '[{"message": "No such customer"}]' }))).toBe('No such customer');
    expect(logText(log({ exception: 'Traceback\nValueError: bad' }))).toBe('ValueError: bad');
    expect([logRows(log({ row_indexes: '[2,3,4]' })), logRows(log({ row_indexes: '[2,7]' }))]).toEqual(['2–4', '2, 7']);
  });
});
