/**
 * Start of the desk: reads the boot data, sets the language, shows the login page or the desk. Each is a chunk of its own, and
 * the Chinese catalogue is loaded only when it is needed.
 */
import './styles/main.css';
import { createApp } from 'vue';
import { bootFromDocument, isLoggedIn } from './core/boot';
import { chosenLanguage, loadLanguage } from './app/language';

async function start(): Promise<void> {
  const boot = bootFromDocument(document);
  await loadLanguage(chosenLanguage(boot, document.cookie), boot);
  if (isLoggedIn(boot) && !location.pathname.startsWith('/login')) {
    const { startDesk } = await import('./app/start');
    startDesk(boot);
  } else {
    const { default: LoginPage } = await import('./app/LoginPage.vue');
    createApp(LoginPage, { boot }).mount('#app');
  }
}

void start();
