/** Starts the desk on the page: services, router, application. */
import { createApp, type App } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import type { Boot } from '@/core/boot';
import { applyPreferences } from '@/ui/preferences';
import { DESK } from '@/ui/services';
import { createDesk } from './desk';
import DeskApp from './DeskApp.vue';
import DeskPlace from './DeskPlace.vue';
import { registerServiceWorker } from './pwa';
import { deskBase, followLinks, lookAhead } from './places';

/** Starts the desk on the page. */
export function startDesk(boot: Boot): App {
  const base = deskBase(location.pathname);
  const router = createRouter({ history: createWebHistory(base), routes: [{ path: '/:path(.*)*', component: DeskPlace }] });
  const desk = createDesk(boot, router, base);
  applyPreferences(desk.preferences, document.documentElement, matchMedia('(prefers-color-scheme: dark)'));
  document.addEventListener('keydown', (event) => desk.shortcuts.handle(event));
  followLinks(router, base);
  lookAhead(desk);
  const app = createApp(DeskApp).provide(DESK, desk).use(router);
  app.config.errorHandler = (error) => {
    console.error(error);
    desk.overlay.error(error);
  };
  app.mount('#app');
  void registerServiceWorker();
  return app;
}
