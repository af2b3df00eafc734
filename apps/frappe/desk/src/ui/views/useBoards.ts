/** The boards of a DocType: which there are, which is shown, a new one. Invariant: without the right to boards the view works by fields alone. */
import { ref, shallowRef } from 'vue';
import { __ } from '@/core/i18n';
import { labelOf, type Meta } from '@/core/meta/meta';
import { boardFields } from '@/core/views/views';
import type { Board } from '@/core/views/board';
import { askValues } from '../form/dialogs';
import type { DeskServices } from '../services';

const METHODS = 'frappe.desk.doctype.kanban_board.kanban_board';

/** What the view needs of boards; the choice is remembered per DocType. */
export function useBoards(desk: DeskServices, meta: () => Meta) {
  const names = shallowRef<string[]>([]);
  const board = shallowRef<Board | null>(null);
  const busy = ref(false);
  const memory = (): string => `board:${meta().name}`;

  async function show(name: string): Promise<void> {
    desk.preferences.groupBy[memory()] = name ? [name] : [];
    board.value = name ? (await desk.api.get<Board>('frappe.client.get', { doctype: 'Kanban Board', name }, { quiet: true })).message : null;
  }

  async function load(): Promise<void> {
    const answer = await desk.api.get<{ name: string }[]>(`${METHODS}.get_kanban_boards`, { doctype: meta().name }, { quiet: true }).catch(() => null);
    names.value = (answer?.message ?? []).map(({ name }) => name);
    const [last] = desk.preferences.groupBy[memory()] ?? [];
    if (last && names.value.includes(last)) await show(last).catch(() => (board.value = null));
  }

  async function make(): Promise<void> {
    const fields = boardFields(meta());
    const given = await askValues(desk, {
      title: __('New board'), size: 'small', action: __('Make it', null, 'Desk'), values: { field: fields[0]?.fieldname ?? '' },
      fields: [{ fieldname: 'name', fieldtype: 'Data', label: __('Name'), reqd: 1 }, { fieldname: 'field', fieldtype: 'Autocomplete', label: __('Columns by'), reqd: 1, options: fields.map((field) => ({ value: field.fieldname, label: __(labelOf(field), null, meta().name) })) as never }],
    });
    if (!given) return;
    try {
      await desk.api.post(`${METHODS}.quick_kanban_board`, { doctype: meta().name, board_name: given.name, field_name: given.field });
      names.value = [...names.value, String(given.name)];
      await show(String(given.name));
    } catch (error) {
      desk.overlay.error(error);
    }
  }

  /** Keeps the new place of a card; the server changes the document and gives the board back. */
  async function keepMove(name: string, move: { from: string; to: string; oldIndex: number; newIndex: number }): Promise<void> {
    const answer = await desk.api.post<Board>(`${METHODS}.update_order_for_single_card`, { board_name: board.value!.name, docname: name, from_colname: move.from, to_colname: move.to, old_index: move.oldIndex, new_index: move.newIndex });
    if (answer.message?.columns) board.value = answer.message;
  }

  return { names, board, busy, show, load, make, keepMove };
}
