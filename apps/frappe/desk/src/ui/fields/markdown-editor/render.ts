/** Markdown to HTML; the result is unsafe until it is sanitised, which `RichText` does. */
import { marked } from 'marked';

export function renderMarkdown(source: string): Promise<string> | string {
  return marked.parse(source, { gfm: true, breaks: true });
}
