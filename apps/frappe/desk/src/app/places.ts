/** Addresses: one space below `/app` or `/desk`, whose parts the route book understands. */
import type { Router } from 'vue-router';
import type { DeskServices } from '@/ui/services';
import { routeFromArguments, type Route } from '@/core/routes';

/** The base of the desk's addresses: `/desk` when the page was opened there, else `/app`. */
export function deskBase(pathname: string): string {
  return pathname === '/desk' || pathname.startsWith('/desk/') ? '/desk' : '/app';
}

/** The place that an address means. */
export function placeOf(desk: Pick<DeskServices, 'routes'>, params: Record<string, unknown>): Route {
  const path = params.path;
  const parts = Array.isArray(path) ? (path as string[]) : path ? [String(path)] : [];
  return desk.routes.parse(routeFromArguments([parts.filter(Boolean)]));
}

/** Whether a link opens in this very window and leads to this site. */
function staysHere(link: HTMLAnchorElement): boolean {
  return (link.target === '' || link.target === '_self') && link.origin === location.origin && !link.hasAttribute('download');
}

/** Follows links inside the desk without loading a page; clicks with a modifier stay the browser's. */
export function followLinks(router: Router, base: string): void {
  document.addEventListener('click', (event) => {
    const isPlain = event.button === 0 && ![event.ctrlKey, event.metaKey, event.shiftKey, event.altKey].some(Boolean);
    const link = (event.target as HTMLElement).closest?.('a[href]') as HTMLAnchorElement | null;
    if (event.defaultPrevented || !isPlain || !link || !staysHere(link)) return;
    const inDesk = ['/app', '/desk'].find((start) => link.pathname === start || link.pathname.startsWith(`${start}/`));
    if (!inDesk || !base) return;
    event.preventDefault();
    void router.push(link.pathname.slice(inDesk.length) + link.search + link.hash || '/');
  });
}

const DWELL_MS = 70;

/** Fetches the DocType that a link leads to while the pointer rests on it, so that a click has it at once. */
export function lookAhead(desk: Pick<DeskServices, 'routes' | 'metas'>): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('pointerover', (event) => {
    clearTimeout(resting);
    const link = (event.target as HTMLElement).closest?.('a[href]') as HTMLAnchorElement | null;
    const path = link && staysHere(link) ? /^\/(?:app|desk)\/(.+)$/.exec(link.pathname)?.[1] : undefined;
    if (!path) return;
    const place = desk.routes.parse(routeFromArguments([path.split('/').map(decodeURIComponent)]));
    // What can't be fetched now is told when it is really asked for.
    if ('doctype' in place && !desk.metas.peek(place.doctype)) resting = setTimeout(() => void desk.metas.load(place.doctype).catch(() => undefined), DWELL_MS);
  }, { passive: true });
}
