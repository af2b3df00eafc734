/**
 * HTML from anywhere, made harmless. Invariant: no script, no event handler, no form, no frame survives; nothing that is left can
 * take on the looks or the place of the desk itself (no classes, no ids, only styles of text).
 */
import DOMPurify from 'dompurify';

const FORBIDDEN_TAGS = ['style', 'form', 'input', 'button', 'textarea', 'select', 'iframe', 'object', 'embed', 'link', 'meta', 'base', 'dialog'];
const FORBIDDEN_ATTRIBUTES = ['class', 'id', 'name', 'srcset', 'ping', 'popover', 'slot', 'autofocus', 'tabindex'];
const TEXT_STYLES = ['color', 'background-color', 'text-align', 'font-weight', 'font-style', 'text-decoration'];

/** The fragment of `html` that is safe to show. Links to other places open in a new tab without access to this one. */
export function sanitised(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, { FORBID_TAGS: FORBIDDEN_TAGS, FORBID_ATTR: FORBIDDEN_ATTRIBUTES, ALLOW_DATA_ATTR: false, RETURN_DOM_FRAGMENT: true });
  fragment.querySelectorAll<HTMLElement>('[style]').forEach(keepTextStyles);
  fragment.querySelectorAll('a[href]').forEach(openElsewhere);
  return fragment;
}

function keepTextStyles(element: HTMLElement): void {
  const kept = TEXT_STYLES.map((name) => [name, element.style.getPropertyValue(name)] as const).filter(([, value]) => value && !/url\(/i.test(value));
  element.removeAttribute('style');
  kept.forEach(([name, value]) => element.style.setProperty(name, value));
}

function openElsewhere(link: Element): void {
  if (/^\/(?![/\\])/.test(link.getAttribute('href') ?? '')) return;
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer nofollow');
}
