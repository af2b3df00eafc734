/** The user's own doings: language and leaving. */
import type { DeskServices } from '@/ui/services';
import { rememberLanguage } from '../language';

/** Changes the user's language on the server and loads the page anew in it; unsaved input is kept as drafts. */
export async function switchLanguage(desk: DeskServices, language: string): Promise<void> {
  rememberLanguage(language);
  try {
    await desk.api.post('frappe.client.set_value', { doctype: 'User', name: desk.actor.name, fieldname: 'language', value: language }, { quiet: true });
    location.reload();
  } catch (error) {
    desk.overlay.error(error);
  }
}

/** Ends the session and goes to the login page. */
export async function logOut(desk: DeskServices): Promise<void> {
  try {
    await desk.api.post('logout', {}, { once: true, quiet: true });
  } finally {
    location.assign('/login');
  }
}
