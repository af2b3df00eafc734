/**
 * Keyboard shortcuts: one book of them, so that the help can show what works at this moment.
 * Invariant: the latest binding of a key wins; plain letters never fire while somebody types.
 */
export interface Shortcut {
  /** Such as `mod+s`, `shift+mod+z`, `?`, `g h` is not supported: one chord only. `mod` is Ctrl, on a Mac ⌘. */
  keys: string;
  /** Already translated. */
  label: string;
  group: string;
  run(event: KeyboardEvent): void;
  /** Also while an input has the focus; chords with `mod` or `alt` always do. */
  whileTyping?: boolean;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** The chord of an event in the form that `keys` has: `alt+mod+shift+k`. */
export function chordOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.altKey) parts.push('alt');
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  const key = event.key.toLowerCase();
  // With a letter or a named key shift is a modifier; "?" already contains it.
  if (event.shiftKey && (key.length > 1 || /[a-z0-9]/.test(key))) parts.push('shift');
  parts.push(key === ' ' ? 'space' : key);
  return parts.join('+');
}

/** The chord in one order of its parts, however it was written. */
export function normaliseKeys(keys: string): string {
  const parts = keys.toLowerCase().replace(/ctrl|cmd|meta/g, 'mod').split('+').map((part) => part.trim());
  const key = parts.pop() || '+';
  return [...parts.sort(), key].join('+');
}

/** The chord as people read it: `Ctrl+S`, `⌘S`. */
export function keysLabel(keys: string, mac = isMac): string {
  const names: Record<string, string> = mac
    ? { mod: '⌘', alt: '⌥', shift: '⇧', arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', enter: '↩', escape: 'Esc' }
    : { mod: 'Ctrl', alt: 'Alt', shift: 'Shift', arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→', enter: 'Enter', escape: 'Esc' };
  const parts = normaliseKeys(keys).split('+').map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(mac ? '' : '+');
}

/** Whether the event comes from something that takes text. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element || typeof element.closest !== 'function') return false;
  if (element.isContentEditable) return true;
  return element.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])');
}

export class ShortcutBook {
  private readonly shortcuts: Shortcut[] = [];

  /** Adds a shortcut; returns the function that takes it away. */
  add(shortcut: Shortcut): () => void {
    const entry = { ...shortcut, keys: normaliseKeys(shortcut.keys) };
    this.shortcuts.push(entry);
    return () => {
      const at = this.shortcuts.indexOf(entry);
      if (at >= 0) this.shortcuts.splice(at, 1);
    };
  }

  /** What works at this moment, for the help; of equal keys only the one that fires. */
  list(): Shortcut[] {
    return [...new Map(this.shortcuts.map((shortcut) => [shortcut.keys, shortcut])).values()];
  }

  /** Runs the shortcut of an event, if any; returns whether one ran. */
  handle(event: KeyboardEvent): boolean {
    if (event.isComposing || event.defaultPrevented) return false;
    const chord = chordOf(event);
    const shortcut = [...this.shortcuts].reverse().find((item) => item.keys === chord);
    const isChord = event.ctrlKey || event.metaKey || event.altKey || /^f\d+$/i.test(event.key);
    if (!shortcut || (!isChord && !shortcut.whileTyping && isTyping(event.target))) return false;
    event.preventDefault();
    shortcut.run(event);
    return true;
  }
}
