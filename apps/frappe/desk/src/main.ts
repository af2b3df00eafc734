/**
 * Start of the desk: reads the boot data, sets the language, shows the login page, the page for a new password, or the desk. Each is a chunk of its own, and
 * the Chinese catalogue is loaded only when it is needed.
 */
import './styles/main.css';
import { createApp } from 'vue';
import { bootFromDocument, isLoggedIn } from './core/boot';
import { chosenLanguage, loadLanguage } from './app/language';

async function start(): Promise<void> {
  const boot = bootFromDocument(document);
  await loadLanguage(chosenLanguage(boot, document.cookie), boot);
  if (isLoggedIn(boot) && !['/login', '/update-password'].some((path) => location.pathname.startsWith(path))) {
    const { startDesk } = await import('./app/start');
    startDesk(boot);
  } else {
    const isPassword = location.pathname.startsWith('/update-password');
    const { default: page } = await (isPassword ? import('./app/PasswordPage.vue') : import('./app/LoginPage.vue'));
    createApp(page, { boot }).mount('#app');
  }
}

void start();
