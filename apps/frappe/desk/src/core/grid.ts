/**
 * Moving about in a grid of cells, and which rows of it need drawing. Pure: positions in, positions out.
 * Invariant: a position returned lies inside the grid.
 */
import type { DocField } from './meta/types';
import { behaviourOf, isLayout, isTable } from './fields/registry';

export interface Position { row: number; column: number }
export interface Size { rows: number; columns: number }

const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** Where a key leads from `from`; `null` when the key doesn't move. */
export function moveByKey(key: string, from: Position, size: Size, { mod = false, page = 10 } = {}): Position | null {
  const { row, column } = from;
  const moves: Record<string, Position> = {
    ArrowUp: { row: mod ? 0 : row - 1, column },
    ArrowDown: { row: mod ? size.rows - 1 : row + 1, column },
    ArrowLeft: { row, column: mod ? 0 : column - 1 },
    ArrowRight: { row, column: mod ? size.columns - 1 : column + 1 },
    Home: { row: mod ? 0 : row, column: 0 },
    End: { row: mod ? size.rows - 1 : row, column: size.columns - 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
  };
  const to = moves[key];
  return to ? { row: within(to.row, size.rows), column: within(to.column, size.columns) } : null;
}

/** The next (or previous) cell that `accepts` something, row by row; `null` past the end. */
export function nextCell(from: Position, size: Size, step: 1 | -1, accepts: (position: Position) => boolean): Position | null {
  let at = from.row * size.columns + from.column + step;
  for (; at >= 0 && at < size.rows * size.columns; at += step) {
    const position = { row: Math.floor(at / size.columns), column: at % size.columns };
    if (accepts(position)) return position;
  }
  return null;
}

export interface Window { start: number; end: number; before: number; after: number }

/** The rows to draw for what is scrolled into view, with some to spare, and the space that stands for the others. */
export function visibleWindow(count: number, rowHeight: number, scrollTop: number, height: number, spare = 8): Window {
  const start = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight) - spare, count));
  const end = Math.max(start, Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare));
  return { start, end, before: start * rowHeight, after: (count - end) * rowHeight };
}

const MOST_COLUMNS = 12;

/** The fields of rows that can be columns. */
export function columnChoices(fields: readonly DocField[]): DocField[] {
  return fields.filter((field) => !field.hidden && !isLayout(field) && !isTable(field) && (behaviourOf(field).listable || field.fieldtype === 'Button'));
}

/** The columns of a child table's grid: those the user chose, else those marked "in list view", else its first fields. */
export function gridColumns(fields: readonly DocField[], chosen: readonly string[] = []): DocField[] {
  const usable = columnChoices(fields);
  const own = chosen.map((name) => usable.find((field) => field.fieldname === name)).filter((field) => field !== undefined);
  if (own.length) return own.slice(0, MOST_COLUMNS);
  const marked = usable.filter((field) => field.in_list_view);
  return marked.length ? marked.slice(0, MOST_COLUMNS) : usable.filter((field) => behaviourOf(field).stored).slice(0, 6);
}

/** The width of columns as a CSS grid template: weights as the DocType says, never below what the type needs. */
export function columnTemplate(fields: readonly DocField[]): string {
  return fields.map((field) => {
    const { minWidth, align } = behaviourOf(field);
    const weight = Number(field.columns) || (align === 'start' ? 2 : 1);
    return `minmax(${minWidth}px, ${weight}fr)`;
  }).join(' ');
}
