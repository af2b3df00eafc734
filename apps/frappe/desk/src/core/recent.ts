/** The places a user visited last, for the search palette. Invariant: newest first, each once, never more than `LIMIT`. */
import { parseJson } from './json';

export interface Visit { path: string; title: string; kind: string }

const LIMIT = 20;

/** The list after one more visit. */
export function visited(visits: readonly Visit[], visit: Visit): Visit[] {
  return [visit, ...visits.filter((item) => item.path !== visit.path)].slice(0, LIMIT);
}

export class RecentVisits {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>, private readonly key: string) {}

  /** All visits, newest first. */
  list(): Visit[] {
    return parseJson<Visit[]>(this.storage.getItem(this.key), []);
  }

  /** Remembers a visit. */
  add(visit: Visit): void {
    this.storage.setItem(this.key, JSON.stringify(visited(this.list(), visit)));
  }
}
