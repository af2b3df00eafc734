/** Opens an address with POST, as downloads that need long arguments do. */
import type { DeskServices } from './services';

/** Sends the arguments as a form of the page, which the Content-Security-Policy lets go to this site only. */
export function openPost(desk: Pick<DeskServices, 'boot'>, address: string, args: Readonly<Record<string, unknown>>, newTab = false): void {
  const form = Object.assign(document.createElement('form'), { action: address, method: 'POST', target: newTab ? '_blank' : '_self' });
  for (const [name, value] of Object.entries({ ...args, csrf_token: desk.boot.csrf_token })) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }));
  }
  document.body.append(form);
  form.submit();
  form.remove();
}
