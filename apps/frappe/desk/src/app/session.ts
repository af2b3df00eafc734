/** Keeps the session alive: a new token, or the password again, without losing what is on the page. */
import { parseBoot, type Boot } from '@/core/boot';

/** Fetches the boot data again from the HTML shell. */
export async function fetchBoot(base: string): Promise<Boot> {
  const answer = await fetch(base, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return parseBoot(page.getElementById('boot')?.textContent ?? '{}');
}

/** Puts the new token into the boot; whether the same user still has a session. */
export async function renewToken(boot: Boot, base: string): Promise<boolean> {
  const fresh = await fetchBoot(base);
  if (fresh.user.name !== boot.user.name) return false;
  boot.csrf_token = fresh.csrf_token;
  return true;
}

/** Whether the server still knows this user's session. Without an answer it counts as known: the call itself tells what is wrong. */
export async function isLoggedInAs(user: string): Promise<boolean> {
  try {
    const answer = await fetch('/api/method/frappe.auth.get_logged_user', { credentials: 'same-origin', headers: { Accept: 'application/json' } });
    return answer.ok ? ((await answer.json()) as { message?: string }).message === user : ![401, 403].includes(answer.status);
  } catch {
    return true;
  }
}

/** Makes calls of `work` at the same time share one run. */
export function single<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => (running ??= work().finally(() => (running = null)));
}
