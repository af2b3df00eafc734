/** Addresses with conditions in them. */
import { toQuery, type Filter } from '@/core/filters';
import type { Route } from '@/core/routes';
import type { DeskServices } from './services';

/** The address of a place; for a list with its conditions. */
export function hrefWith(desk: Pick<DeskServices, 'href'>, route: Route, filters: readonly Filter[] = []): string {
  const doctype = 'doctype' in route ? route.doctype : '';
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(toQuery(filters, doctype))) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, one);
  }
  const search = query.toString();
  return search ? `${desk.href(route)}?${search}` : desk.href(route);
}
