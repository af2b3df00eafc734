/** People who can be mentioned, and comments that mention them. Invariant: what was typed is escaped; only chosen people become mentions. */
import type { ApiClient } from '@/core/api/client';

export interface Mentionable { id: string; value: string; is_group?: boolean }

/** Users (and groups) whose name holds the text. */
export async function searchPeople(api: ApiClient, text: string): Promise<Mentionable[]> {
  const answer = await api.get<Mentionable[]>('frappe.desk.search.get_names_for_mentions', { search_term: text }, { quiet: true });
  return answer.message ?? [];
}

/** The text between an `@` and the cursor while a name is being typed; `null` otherwise. */
export function mentionAt(text: string, cursor: number): { start: number; text: string } | null {
  const found = /(?:^|[\s(（，。、])@([^\s@]{0,30})$/.exec(text.slice(0, cursor));
  return found ? { start: cursor - found[1]!.length - 1, text: found[1]! } : null;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** What was typed as the HTML that is stored: paragraphs, links as they stand, and the chosen people as mentions. */
export function commentHtml(plain: string, people: readonly Mentionable[]): string {
  const byLength = [...people].sort((left, right) => right.value.length - left.value.length);
  let html = escaped(plain);
  for (const { id, value, is_group: isGroup } of byLength) {
    const name = escaped(value);
    const mark = `<span class="mention" data-id="${escaped(id)}" data-value="${name}" data-denotation-char="@"${isGroup ? ' data-is-group="true"' : ''}>@${name}</span>`;
    html = html.split(`@${name}`).map((part, index, all) => (index < all.length - 1 ? part + mark : part)).join('');
  }
  return `<p>${html.replace(/\n/g, '<br>')}</p>`;
}
