/** The language of the page. Invariant: Chinese and English are complete; any other language falls back to English words. */
import type { Boot } from '@/core/boot';
import { isLoggedIn } from '@/core/boot';
import { setCatalogues, type Catalogue } from '@/core/i18n';

const COOKIE = 'preferred_language';

/** The user's language; before login the one chosen on this machine, else the site's. */
export function chosenLanguage(boot: Boot, cookies: string): string {
  if (isLoggedIn(boot)) return boot.lang || boot.user.language || 'en';
  const chosen = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookies)?.[1];
  return chosen ?? boot.lang;
}

/** The site's words, which the browser keeps as long as their address stays; without them the desk has its own. */
async function siteMessages(address: string): Promise<Catalogue> {
  try {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return ((await answer.json()) as { message?: Catalogue }).message ?? {};
  } catch (error) {
    console.error(error);
    return {};
  }
}

/** Loads the desk's own words and puts the site's above them. */
export async function loadLanguage(language: string, boot: Boot): Promise<void> {
  const isSites = language === boot.lang || !boot.lang;
  const [own, fetched] = await Promise.all([
    language.startsWith('zh') ? import('@/locales/zh').then((module): Catalogue => module.default) : {},
    isSites && boot.messages_url ? siteMessages(boot.messages_url) : {},
  ]);
  if (isSites) boot.messages = { ...fetched, ...boot.messages };
  setCatalogues(language, isSites ? boot.messages : {}, own);
  document.documentElement.lang = language.startsWith('zh') ? 'zh-CN' : language;
}

/** Remembers the language on this machine, for the login page. */
export function rememberLanguage(language: string): void {
  document.cookie = `${COOKIE}=${language}; path=/; max-age=31536000; samesite=lax`;
}
