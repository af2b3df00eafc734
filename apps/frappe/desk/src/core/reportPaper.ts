/** A report as HTML for paper. Invariant: pure; every value is escaped, so that nothing of the data becomes markup. */
export interface PaperColumn { label: string; isNumber: boolean }
export interface PaperRow { cells: readonly string[]; indent: number; bold: boolean }
export interface Paper { title: string; /** Conditions and the like, line by line. */ notes: readonly string[]; columns: readonly PaperColumn[]; rows: readonly PaperRow[]; total: readonly string[] | null }

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);

const LINE = 'border-bottom: 0.5px solid #bbb; padding: 3px 5px;';

function cell(tag: 'td' | 'th', text: string, isNumber: boolean, more = ''): string {
  return `<${tag} style="${LINE} text-align: ${isNumber ? 'right' : 'left'};${more}">${escaped(text)}</${tag}>`;
}

/** The page: heading, conditions, table with its sums. */
export function paperHtml({ title, notes, columns, rows, total }: Paper): string {
  const line = (cells: readonly string[], tag: 'td' | 'th', more = '', indent = 0): string =>
    `<tr>${cells.map((text, index) => cell(tag, text, columns[index]!.isNumber, more + (index === 0 && indent ? ` padding-left: ${5 + indent * 12}px;` : ''))).join('')}</tr>`;
  const head = line(columns.map(({ label }) => label), 'th', ' background: #f2f3f5;');
  const body = rows.map(({ cells, indent, bold }) => line(cells, 'td', bold ? ' font-weight: bold;' : '', indent)).join('');
  const foot = total ? `<tfoot>${line(total, 'td', ' font-weight: bold;')}</tfoot>` : '';
  return `<h2>${escaped(title)}</h2>${notes.map((note) => `<p>${escaped(note)}</p>`).join('')}<table style="width: 100%; border-collapse: collapse; font-size: 8.5pt;"><thead>${head}</thead><tbody>${body}</tbody>${foot}</table>`;
}
