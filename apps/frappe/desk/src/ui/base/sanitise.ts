/** HTML from anywhere, made harmless. Invariant: no script, no event handler, no style sheet, no form, no frame survives. */
import DOMPurify from 'dompurify';

const OPTIONS = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'iframe', 'object', 'embed', 'link', 'meta', 'base'],
  FORBID_ATTR: ['srcset', 'ping'],
  ADD_ATTR: ['target'],
  RETURN_DOM_FRAGMENT: true,
} as const;

/** The fragment of `html` that is safe to show. Links to other places open in a new tab without access to this one. */
export function sanitised(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, { ...OPTIONS, FORBID_TAGS: [...OPTIONS.FORBID_TAGS], FORBID_ATTR: [...OPTIONS.FORBID_ATTR], ADD_ATTR: [...OPTIONS.ADD_ATTR] });
  for (const link of fragment.querySelectorAll('a[href]')) {
    if (!(link.getAttribute('href') ?? '').startsWith('/')) {
      link.setAttribute('target', '_blank');
      link.setAttribute('rel', 'noopener noreferrer nofollow');
    }
  }
  return fragment;
}
