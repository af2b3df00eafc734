import { describe, expect, it } from 'vitest';
import { boardColumns, cardMove, inOrder, movedBoard, type Board } from './board';

const row = (name: string, status: string) => ({ doctype: 'Task', name, status });
const rows = [row('A', 'Open'), row('B', 'Open'), row('C', 'Done'), row('D', 'Open')];
const board: Board = { name: 'Team', reference_doctype: 'Task', field_name: 'status', columns: [
  { column_name: 'Done', idx: 2, status: 'Active' }, { column_name: 'Open', idx: 1, indicator: 'Orange', order: '["D","A","gone"]' }, { column_name: 'Old', idx: 3, status: 'Archived' },
] };
const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join('');
const columns = boardColumns(board, rows, 'Task');

describe('a board', () => {
  it('has its columns in order, without those put away, and its cards as they were arranged', () => {
    expect(columns.map(({ value, tone, rows: cards }) => [value, tone, names(cards)])).toEqual([['Open', 'orange', 'DAB'], ['Done', 'green', 'C']]);
  });

  it('shows cards that it does not know yet at the end', () => {
    expect(names(inOrder(rows, ['C', 'B']))).toBe('CBAD');
  });

  it('says where a card goes: above another one, or at the end', () => {
    expect(cardMove(columns, 'B', 'Open', 'D')).toEqual({ from: 'Open', to: 'Open', oldIndex: 2, newIndex: 0 });
    expect(cardMove(columns, 'A', 'Done', null)).toEqual({ from: 'Open', to: 'Done', oldIndex: 1, newIndex: 1 });
  });

  it('moves nothing where a card already is', () => {
    expect(cardMove(columns, 'B', 'Open', null)).toBeNull();
    expect(cardMove(columns, 'A', 'Open', 'A')).toBeNull();
  });

  it('keeps the new order in both columns', () => {
    const moved = movedBoard(board, columns, 'A', { from: 'Open', to: 'Done', newIndex: 0 });
    expect(moved.columns.map(({ order }) => order)).toEqual(['["A","C"]', '["D","B"]', null]);
  });
});
