/**
 * What all rows of one grid share. Invariant: the object stays the same for the life of the grid, so that a row is drawn
 * anew only when its own properties or its own values change, never because others are scrolled in.
 */
import type { Doc } from '@/core/document/types';
import type { FieldState } from '@/core/meta/state';
import type { DocField } from '@/core/meta/types';
import type { Position } from '@/core/grid';

export interface RowContext {
  readonly table: DocField;
  readonly isDraggable: () => boolean;
  readonly isChangeable: () => boolean;
  cellId(position: Position): string;
  stateOf(field: DocField, row: Doc): FieldState;
  errorOf(row: Doc, field: DocField): string | undefined;
  headLabel(field: DocField): string;
  initialText(): string | undefined;
  click(position: Position): void;
  select(row: Doc, on: boolean): void;
  open(row: Doc): void;
  set(row: Doc, field: DocField, value: unknown): void;
  report(row: Doc, field: DocField, message: string | null): void;
  advance(): void;
  drag(name: string | null): void;
  over(index: number): void;
  drop(index: number): void;
}
