/** Fetches values of linked documents for forms. Invariant: equal questions within half a minute are asked once; never more than six at a time. */
import type { ApiClient } from '@/core/api/client';

type Fetched = Record<string, unknown> | null;

const KEPT_MS = 30_000;
const AT_ONCE = 6;

export class LinkFetcher {
  private readonly kept = new Map<string, { at: number; answer: Promise<Fetched> }>();

  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly api: ApiClient, private readonly clock: () => number = Date.now) {}

  /** The values of `fields` of a linked document; `null` when it does not exist. */
  async fetch(doctype: string, name: string, fields: readonly string[]): Promise<Fetched> {
    const key = JSON.stringify([doctype, name, fields]);
    const known = this.kept.get(key);
    if (known && this.clock() - known.at < KEPT_MS) return known.answer;
    const answer = this.ask(doctype, name, fields);
    this.kept.set(key, { at: this.clock(), answer });
    answer.catch(() => this.kept.delete(key));
    return answer;
  }

  private async ask(doctype: string, name: string, fields: readonly string[]): Promise<Fetched> {
    await this.turn();
    try {
      const answer = await this.api.get<Record<string, unknown> | null>('frappe.client.validate_link', { doctype, docname: name, fields }, { quiet: true });
      return answer.message?.name ? answer.message : null;
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  /** Waits for a place among the questions under way: pasting hundreds of rows must not flood the server. */
  private async turn(): Promise<void> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
  }
}
