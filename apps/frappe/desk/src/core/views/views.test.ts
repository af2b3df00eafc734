import { describe, expect, it } from 'vitest';
import { afterCursor, cursorAfter, toRequest, type ListState } from '../list/query';
import { Meta } from '../meta/meta';
import type { DocField } from '../meta/types';
import { byDay, daysBetween, monthWeeks, timeLine } from './calendar';
import { boardFields, spanOf, viewOf, viewsOf } from './views';

const field = (fieldname: string, fieldtype: DocField['fieldtype'], more: Partial<DocField> = {}): DocField => ({ fieldname, fieldtype, label: fieldname, ...more });
const order = new Meta({ name: 'Order', fields: [field('kind', 'Select', { options: 'A\nB' }), field('status', 'Select', { options: 'Open\nDone' }), field('order_date', 'Date'), field('due_date', 'Date')] });

describe('views', () => {
  it('are offered where fields allow them', () => {
    expect(viewsOf(order)).toEqual(['list', 'report', 'kanban', 'calendar', 'gantt', 'dashboard']);
    expect(viewsOf(new Meta({ name: 'Account', is_tree: 1, image_field: 'logo', fields: [field('logo', 'Attach Image')] }))).toEqual(['list', 'report', 'tree', 'image']);
  });

  it('fall back to the list', () => {
    expect([viewOf(order, 'kanban'), viewOf(order, 'tree'), viewOf(order, 'nonsense')]).toEqual(['kanban', 'list', 'list']);
  });

  it('stand on the telling fields', () => {
    expect(boardFields(order).map(({ fieldname }) => fieldname)).toEqual(['status', 'kind']);
    expect([spanOf(order)!.start.fieldname, spanOf(order)!.end.fieldname]).toEqual(['order_date', 'due_date']);
    expect(spanOf(new Meta({ name: 'X', fields: [field('date', 'Date')] }))).toBeNull();
  });
});

describe('a month', () => {
  it('is shown in whole weeks from the first weekday', () => {
    const weeks = monthWeeks('2026-11', 1);
    expect([weeks[0]![0], weeks.at(-1)!.at(-1), weeks.length]).toEqual(['2026-10-26', '2026-12-06', 6]);
    expect(monthWeeks('2026-11', 0)[0]![0]).toBe('2026-11-01');
    expect(monthWeeks('2027-02', 1)).toHaveLength(4);
  });

  it('sorts rows into days', () => {
    expect([...byDay([{ at: '2026-11-02 23:59:00' }, { at: '2026-11-02' }, { at: null }], 'at')].map(([day, rows]) => [day, rows.length])).toEqual([['2026-11-02', 2]]);
  });
});

describe('a time line', () => {
  it('holds all bars, and puts turned ends right', () => {
    const line = timeLine([{ from: '2026-11-10', to: '2026-11-12' }, { from: '2026-11-09', to: '2026-11-08' }, { from: '2026-11-15', to: null }, { from: null, to: null }], 'from', 'to', '2026-11-01');
    expect(line.start).toBe('2026-11-06');
    expect(line.bars.map(({ offset, length }) => [offset, length])).toEqual([[4, 3], [2, 2], [9, 1]]);
    expect(daysBetween(line.start, '2026-11-15')).toBeLessThan(line.days);
  });

  it('of nothing is empty', () => {
    expect(timeLine([], 'from', 'to', '2026-11-01')).toEqual({ start: '2026-11-01', days: 0, bars: [] });
  });
});

describe('a cursor', () => {
  const state: ListState = { doctype: 'Order', filters: [], sortField: 'modified', sortOrder: 'desc', start: 50, pageLength: 50 };
  it('goes on after the last row, whatever its place', () => {
    expect(afterCursor(state, { value: '2026-01-01', name: 'O-9' })).toEqual({ filters: [['Order', 'modified', '<=', '2026-01-01']], or_filters: [['Order', 'modified', '<', '2026-01-01'], ['Order', 'name', '<', 'O-9']] });
    expect(afterCursor({ ...state, sortField: 'name', sortOrder: 'asc' }, { value: 'O-9', name: 'O-9' })).toEqual({ filters: [['Order', 'name', '>', 'O-9']] });
    expect(toRequest(state, ['name'], { value: 'x', name: 'O-9' }).start).toBe(0);
    expect(toRequest(state, ['name']).start).toBe(50);
  });

  it('needs a value to go on from', () => {
    expect(cursorAfter({ name: 'O-1', modified: '2026-01-01' }, 'modified')).toEqual({ value: '2026-01-01', name: 'O-1' });
    expect([cursorAfter({ name: 'O-1', modified: null }, 'modified'), cursorAfter(undefined, 'modified')]).toEqual([null, null]);
  });
});
