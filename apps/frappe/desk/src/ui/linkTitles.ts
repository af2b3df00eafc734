/**
 * Titles and other values of linked documents, as far as they are known. Reactive: what arrives later appears by itself.
 * Invariant: a value is asked for once, and together with the others asked for in the same moment.
 */
import { reactive } from 'vue';
import type { ApiClient } from '@/core/api/client';
import { isAbort } from '@/core/api/client';
import { __ } from '@/core/i18n';

export class LinkTitles {
  private readonly titles = reactive(new Map<string, string>());
  private readonly values = reactive(new Map<string, unknown>());
  private readonly asked = new Set<string>();

  /** `translated`: DocTypes whose names are words of the language (units, countries). */
  constructor(private readonly api: ApiClient, private readonly translated: readonly string[] = []) {}

  /** The title of a linked document; its name when no title is known. */
  title(doctype: string, name: string): string {
    return this.titles.get(`${doctype}::${name}`) ?? (this.translated.includes(doctype) ? __(name) : name);
  }

  /** Takes in titles that came with an answer: `{"Customer::C-1": "Zhang"}`. */
  learn(titles: Readonly<Record<string, string>> | undefined): void {
    for (const [key, title] of Object.entries(titles ?? {})) if (title) this.titles.set(key, title);
  }

  /** Takes in the title of one document. */
  learnOne(doctype: string, name: string, title: string | undefined | null): void {
    if (title) this.titles.set(`${doctype}::${name}`, title);
  }

  /** A field of a linked document; `undefined` until it is known. Asking makes it known. */
  value(doctype: string, name: string, fieldname: string): unknown {
    const key = `${doctype}::${name}::${fieldname}`;
    if (!this.values.has(key) && !this.asked.has(key)) {
      this.asked.add(key);
      void this.fetch(doctype, name, fieldname, key);
    }
    return this.values.get(key);
  }

  private async fetch(doctype: string, name: string, fieldname: string, key: string): Promise<void> {
    try {
      const answer = await this.api.get<Record<string, unknown>>('frappe.client.get_value', { doctype, filters: name, fieldname }, { quiet: true });
      this.values.set(key, answer.message?.[fieldname]);
    } catch (error) {
      // Without the right to read the linked document there is no value; what is shown falls back to the site's own.
      if (!isAbort(error)) this.values.set(key, undefined);
    }
  }
}
