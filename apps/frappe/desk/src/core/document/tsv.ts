/** Cells on the clipboard, as spreadsheets write them. Invariant: `parseCells(writeCells(x))` is `x`. */

/** Reads tab-separated cells; quoted cells may hold tabs, line breaks and doubled quotes. A last line break is no row. */
export function parseCells(text: string): string[][] {
  const rows: string[][] = [[]];
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  let at = 0;
  while (at <= source.length) {
    const { cell, end } = source[at] === '"' ? quotedCell(source, at) : plainCell(source, at);
    rows[rows.length - 1]!.push(cell);
    if (source[end] === '\n') rows.push([]);
    at = end + 1;
  }
  return rows;
}

function plainCell(source: string, start: number): { cell: string; end: number } {
  let end = start;
  while (end < source.length && source[end] !== '\t' && source[end] !== '\n') end += 1;
  return { cell: source.slice(start, end), end };
}

function quotedCell(source: string, start: number): { cell: string; end: number } {
  const closing = /^"((?:[^"]|"")*)"(?=[\t\n]|$)/.exec(source.slice(start));
  if (!closing) return plainCell(source, start);
  return { cell: (closing[1] ?? '').replace(/""/g, '"'), end: start + closing[0].length };
}

/** Writes cells as tab-separated text. */
export function writeCells(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string): string => (/[\t\n"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  return rows.map((cells) => cells.map(quote).join('\t')).join('\n');
}
