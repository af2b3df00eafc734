/** Text helpers shared by routes, labels and search. Invariant: pure, no locale state. */

/** `Sales Order` → `sales_order`: the form upstream uses for keys of defaults and folders. */
export function scrub(text: string): string {
  return text.replace(/[ -]/g, '_').toLowerCase();
}

/** `sales_order` → `Sales Order`. */
export function unscrub(text: string): string {
  return text.replace(/[-_]/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
}

/** The plain text of an HTML fragment, for titles and list cells. */
export function stripHtml(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return html;
  return html
    .replace(/<(br|\/p|\/div|\/li|\/tr)[^>]*>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Full-width digits, letters and signs (typed with a Chinese input method) as their ASCII counterparts. */
export function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000]/g, ' ')
    .replace(/。/g, '.')
    .replace(/、/g, ',');
}

/** How well `text` answers the typed `query`: 0 = not at all; higher is better. Letters may be skipped (`so` finds Sales Order). */
export function matchScore(query: string, text: string): number {
  const needle = query.trim().toLowerCase();
  const hay = text.toLowerCase();
  if (!needle) return 1;
  if (hay === needle) return 100;
  if (hay.startsWith(needle)) return 80;
  const initials = hay.split(/[\s\-_/]+/).map((word) => word[0] ?? '').join('');
  if (initials.startsWith(needle)) return 70;
  if (hay.includes(needle)) return 60;
  return needle.length > 2 && isSubsequence(needle, hay) ? 20 : 0;
}

function isSubsequence(needle: string, hay: string): boolean {
  let from = 0;
  for (const char of needle.replace(/\s/g, '')) {
    from = hay.indexOf(char, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** A short random key for temporary names. */
export function randomKey(length = 10): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return [...bytes].map((byte) => letters[byte % letters.length]).join('');
}
