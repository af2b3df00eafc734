/** Boards that were set up (`Kanban Board`): their columns, and the order of the cards in them. Invariant: pure; no card is lost or shown twice. */
import type { Doc } from '../document/types';
import { readFilters, type Filter } from '../filters';
import { __ } from '../i18n';
import { parseJson } from '../json';
import { guessTone, toneOf, type Tone } from '../status';

export interface BoardColumn { column_name: string; status?: string; indicator?: string | null; order?: string | null; idx?: number }
export interface Board { name: string; reference_doctype: string; field_name: string; filters?: string | null; fields?: string | null; private?: number; columns: BoardColumn[] }
export interface ShownColumn { value: string; label: string; tone: Tone; rows: Doc[] }

/** Rows as the column remembers them; those it does not know stand at the end, as they came. */
export function inOrder(rows: readonly Doc[], order: readonly string[]): Doc[] {
  const place = new Map(order.map((name, index) => [name, index]));
  return [...rows].sort((left, right) => (place.get(left.name) ?? order.length) - (place.get(right.name) ?? order.length));
}

/** The columns of a board with their cards, without those that were put away. */
export function boardColumns(board: Board, rows: readonly Doc[], doctype: string): ShownColumn[] {
  const columns = board.columns.filter(({ status }) => status !== 'Archived').sort((left, right) => (left.idx ?? 0) - (right.idx ?? 0));
  return columns.map((column) => ({
    value: column.column_name, label: __(column.column_name, null, doctype), tone: column.indicator ? toneOf(column.indicator) : guessTone(column.column_name),
    rows: inOrder(rows.filter((row) => row[board.field_name] === column.column_name), parseJson<string[]>(column.order, [])),
  }));
}

/** The conditions of a board. */
export function boardFilters(board: Board): Filter[] {
  return readFilters(parseJson<unknown>(board.filters, []), board.reference_doctype);
}

/** Where a card was and where it goes, as the server takes it. `before`: the card that it is put above. */
export function cardMove(columns: readonly ShownColumn[], name: string, to: string, before: string | null): { from: string; to: string; oldIndex: number; newIndex: number } | null {
  const from = columns.find((column) => column.rows.some((row) => row.name === name));
  const target = columns.find((column) => column.value === to);
  if (!from || !target || before === name) return null;
  const others = target.rows.filter((row) => row.name !== name);
  const at = before ? others.findIndex((row) => row.name === before) : -1;
  const newIndex = at < 0 ? others.length : at;
  const oldIndex = from.rows.findIndex((row) => row.name === name);
  return from === target && oldIndex === newIndex ? null : { from: from.value, to, oldIndex, newIndex };
}

/** The board after the move, until the server's own comes. */
export function movedBoard(board: Board, columns: readonly ShownColumn[], name: string, { from, to, newIndex }: { from: string; to: string; newIndex: number }): Board {
  const namesOf = (value: string): string[] => (columns.find((column) => column.value === value)?.rows ?? []).map((row) => row.name).filter((other) => other !== name);
  const target = namesOf(to);
  target.splice(newIndex, 0, name);
  const orderOf = (column: BoardColumn): string | null | undefined => (column.column_name === to ? JSON.stringify(target) : column.column_name === from ? JSON.stringify(namesOf(from)) : column.order);
  return { ...board, columns: board.columns.map((column) => ({ ...column, order: orderOf(column) ?? null })) };
}
