/**
 * The keyboard of a grid: moving, editing, adding and removing rows.
 * Invariant: outside of editing, letters start editing; inside, only Enter, Tab, Esc and vertical arrows leave the cell.
 */
import { moveByKey, nextCell, type Position, type Size } from '@/core/grid';

export interface GridActions {
  position(): Position;
  size(): Size;
  isEditing(): boolean;
  isEditable(position: Position): boolean;
  moveTo(position: Position): void;
  /** Moves and starts editing there at once. */
  editAt(position: Position): void;
  edit(initialText?: string): void;
  /** Settles the editor and leaves editing; resolves when its value has been taken. */
  finish(): Promise<void>;
  cancel(): void;
  clear(): void;
  toggle(): boolean;
  addRow(): void;
  insertRow(): void;
  removeRow(): void;
  duplicateRow(): void;
  shiftRow(step: 1 | -1): void;
  copyFromAbove(): void;
  openRow(): void;
  /** Shows what the cell links to. */
  quickView(): void;
}

/** The keydown handler of a grid. */
export function gridKeys(grid: GridActions): (event: KeyboardEvent) => void {
  async function goOn(step: 1 | -1): Promise<void> {
    const from = grid.position();
    await grid.finish();
    const to = nextCell(from, grid.size(), step, (position) => grid.isEditable(position));
    if (to) grid.editAt(to);
    else if (step === 1) grid.addRow();
    else grid.moveTo(from);
  }

  async function finishAndOpen(): Promise<void> {
    await grid.finish();
    grid.openRow();
  }

  function whileEditing(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isVertical = event.key === 'ArrowUp' || event.key === 'ArrowDown';
    const step = event.shiftKey ? -1 : 1;
    if (event.key === 'Enter' && !event.altKey) take(event, () => void (event.ctrlKey || event.metaKey ? finishAndOpen() : goOn(step)));
    else if (event.key === 'Tab') take(event, () => void goOn(step));
    else if (event.key === 'Escape') take(event, () => grid.cancel());
    else if (isVertical && !event.altKey && !event.defaultPrevented && target.matches('input:not([role=combobox])')) {
      take(event, () => void leaveVertically(grid, event.key === 'ArrowUp' ? -1 : 1));
    }
  }

  function rowKey(event: KeyboardEvent): (() => void) | null {
    const isMod = event.ctrlKey || event.metaKey;
    if (event.altKey && event.key === 'ArrowUp') return () => grid.shiftRow(-1);
    if (event.altKey && event.key === 'ArrowDown') return () => grid.shiftRow(1);
    if (isMod && event.key === 'Delete') return () => grid.removeRow();
    if (isMod && event.key.toLowerCase() === 'd') return event.shiftKey ? () => grid.duplicateRow() : () => grid.copyFromAbove();
    if (event.key === 'Insert') return () => grid.insertRow();
    return isMod && event.key === 'Enter' ? () => grid.openRow() : null;
  }

  function cellKey(event: KeyboardEvent): (() => void) | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    if (event.key === 'Enter' || event.key === 'F2') return () => (grid.isEditable(grid.position()) ? grid.edit() : grid.openRow());
    if (event.key === 'Delete' || event.key === 'Backspace') return () => grid.clear();
    if (event.key === ' ' && grid.toggle()) return () => undefined;
    if (event.key.length === 1 && grid.isEditable(grid.position())) return () => grid.edit(event.key);
    return null;
  }

  function whileMoving(event: KeyboardEvent): void {
    const isLook = event.altKey && event.code === 'KeyQ';
    const action = isLook ? () => grid.quickView() : (rowKey(event) ?? cellKey(event));
    if (action) return take(event, action);
    if (event.altKey) return;
    const { row } = grid.position();
    if (event.key === 'ArrowDown' && !event.ctrlKey && row === grid.size().rows - 1) return take(event, () => grid.addRow());
    const to = moveByKey(event.key, grid.position(), grid.size(), { mod: event.ctrlKey || event.metaKey });
    if (to) take(event, () => grid.moveTo(to));
  }

  return (event) => {
    if (event.isComposing) return;
    if (grid.isEditing()) whileEditing(event);
    else whileMoving(event);
  };
}

/** Goes on editing in the row above or below. */
async function leaveVertically(grid: GridActions, step: 1 | -1): Promise<void> {
  const { row, column } = grid.position();
  const { rows } = grid.size();
  if (row + step < 0 || row + step >= rows) return;
  await grid.finish();
  const to = { row: row + step, column };
  if (grid.isEditable(to)) grid.editAt(to);
  else grid.moveTo(to);
}

function take(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  action();
}
