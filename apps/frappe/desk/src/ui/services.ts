/** What the desk's parts share. Made once by the application, injected everywhere below it. */
import { inject, type InjectionKey } from 'vue';
import type { ApiClient } from '@/core/api/client';
import type { Boot } from '@/core/boot';
import type { DraftStore } from '@/core/drafts';
import type { Filter } from '@/core/filters';
import type { FormatContext } from '@/core/format/context';
import type { ShortcutBook } from '@/core/keyboard';
import type { MetaStore } from '@/core/meta/store';
import type { Actor } from '@/core/permissions';
import type { Route, RouteBook } from '@/core/routes';
import type { LinkTitles } from './linkTitles';
import type { Realtime } from './realtime';
import type { Overlay } from './overlay/overlay';
import type { Preferences } from './preferences';

export interface GoOptions {
  /** Values of the new document, or filters of the list. */
  values?: Record<string, unknown>;
  filters?: Filter[];
  replace?: boolean;
  newTab?: boolean;
}

export interface DeskServices {
  boot: Boot;
  api: ApiClient;
  metas: MetaStore;
  format: FormatContext;
  actor: Actor;
  drafts: DraftStore;
  shortcuts: ShortcutBook;
  overlay: Overlay;
  routes: RouteBook;
  titles: LinkTitles;
  preferences: Preferences;
  realtime: Realtime;
  /** Goes to a place in the desk. */
  go(route: Route, options?: GoOptions): void;
  /** The address of a place, for links. */
  href(route: Route): string;
}

export const DESK: InjectionKey<DeskServices> = Symbol('desk');

/** The desk's services; only inside the application (or a test that provides them). */
export function useDesk(): DeskServices {
  const desk = inject(DESK);
  if (!desk) throw new Error('useDesk() needs the desk to be provided');
  return desk;
}
