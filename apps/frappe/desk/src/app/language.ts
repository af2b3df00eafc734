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

/** Loads the desk's own words and puts the site's above them. */
export async function loadLanguage(language: string, boot: Boot): Promise<void> {
  const own: Catalogue = language.startsWith('zh') ? (await import('@/locales/zh')).default : {};
  const isSites = language === boot.lang || !boot.lang;
  setCatalogues(language, isSites ? boot.messages : {}, own);
  document.documentElement.lang = language.startsWith('zh') ? 'zh-CN' : language;
}

/** Remembers the language on this machine, for the login page. */
export function rememberLanguage(language: string): void {
  document.cookie = `${COOKIE}=${language}; path=/; max-age=31536000; samesite=lax`;
}
