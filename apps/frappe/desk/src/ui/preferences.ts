/**
 * How the user likes the desk: theme, density, sidebar, page length. Kept in the browser at once and on the server soon after.
 * Invariant: a change takes effect immediately, whether or not the server could keep it.
 */
import { reactive, watch } from 'vue';
import { parseJson } from '@/core/json';
import type { ColumnSettings } from '@/core/report';

export interface PreferenceValues {
  theme: 'light' | 'dark' | 'system';
  density: 'compact' | 'standard' | 'roomy';
  sidebar: 'open' | 'closed';
  sidePanel: 'open' | 'closed';
  pageLength: number;
  openModules: string[];
  /** Columns as the user set them up, by table: `list:<DocType>`, `report:<name>`. */
  tables: Record<string, ColumnSettings>;
  /** Fields that a list's side bar groups by, by DocType; whether it is shown. */
  groupBy: Record<string, string[]>;
  listSidebar: 'open' | 'closed';
}

export type Preferences = PreferenceValues;

const DEFAULTS: PreferenceValues = { theme: 'system', density: 'standard', sidebar: 'open', sidePanel: 'open', pageLength: 50, openModules: [], tables: {}, groupBy: {}, listSidebar: 'closed' };
const KEY = 'desk-preferences';

export interface PreferenceSources {
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** What the server kept. */
  kept: Readonly<Record<string, unknown>>;
  /** Keeps them on the server. */
  keep(values: PreferenceValues): void;
}

/** The user's preferences: the browser's win over the server's, because they are the later ones on this machine. */
export function createPreferences({ storage, kept, keep }: PreferenceSources): Preferences {
  const stored = parseJson<Partial<PreferenceValues>>(storage.getItem(KEY), {});
  const preferences = reactive<PreferenceValues>({ ...DEFAULTS, ...(kept as Partial<PreferenceValues>), ...stored });
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(preferences, (values) => {
    storage.setItem(KEY, JSON.stringify(values));
    clearTimeout(timer);
    timer = setTimeout(() => keep({ ...values }), 1500);
  });
  return preferences;
}

/** Puts theme and density on the page, now and after every change; follows the system's theme when asked to. */
export function applyPreferences(preferences: Preferences, root: HTMLElement, prefersDark: MediaQueryList): void {
  const apply = (): void => {
    const isDark = preferences.theme === 'dark' || (preferences.theme === 'system' && prefersDark.matches);
    root.dataset.theme = isDark ? 'dark' : 'light';
    root.dataset.density = preferences.density;
  };
  prefersDark.addEventListener('change', apply);
  watch(preferences, apply);
  apply();
}
