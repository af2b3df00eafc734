/** Makes the desk's services: everything shared is made here and nowhere else. */
import type { Router } from 'vue-router';
import { ApiClient } from '@/core/api/client';
import type { Boot } from '@/core/boot';
import { IndexedDbDrafts } from '@/core/drafts';
import { toQuery } from '@/core/filters';
import { formatContext } from '@/core/format/context';
import { ShortcutBook } from '@/core/keyboard';
import { lendNames } from '@/core/meta/conditions';
import { MetaStore } from '@/core/meta/store';
import { RouteBook, toPath } from '@/core/routes';
import { LinkTitles } from '@/ui/linkTitles';
import '@/ui/fields';
import ConfirmDialog from '@/ui/overlay/ConfirmDialog.vue';
import MessageDialog from '@/ui/overlay/MessageDialog.vue';
import { Overlay } from '@/ui/overlay/overlay';
import { createPreferences } from '@/ui/preferences';
import { Realtime } from '@/ui/realtime';
import type { DeskServices, GoOptions } from '@/ui/services';
import { carryValues } from './handover';
import ReLogin from './ReLogin.vue';
import { isLoggedInAs, renewToken, single } from './session';

/** The services over a boot; `base` is where the desk lives. */
export function createDesk(boot: Boot, router: Router, base: string): DeskServices {
  const overlay = new Overlay({ confirm: ConfirmDialog, message: MessageDialog });
  const freshToken = single(() => renewToken(boot, base));
  const askPassword = single(() => new Promise<boolean>((resolve) => {
    let isDone = false;
    overlay.open(ReLogin, { user: boot.user.name, onDone: () => (isDone = true), onClose: () => resolve(isDone) });
  }));
  const api = new ApiClient({
    fetch: (...args) => fetch(...args),
    csrfToken: () => boot.csrf_token,
    onMessages: (messages) => overlay.serverMessages(messages),
    hasSession: single(() => isLoggedInAs(boot.user.name)),
    renewToken: freshToken,
    renewSession: async () => (await askPassword()) && freshToken(),
  });
  lendNames({ frappe: conditionNames(boot) });
  const titles = new LinkTitles(api, boot.translated_doctypes);
  const format = formatContext(boot);
  format.linked = (doctype, name, fieldname) => titles.value(doctype, name, fieldname);
  const href = (route: Parameters<typeof toPath>[0]): string => base + toPath(route).replace(/^\/$/, '');
  return {
    boot, api, overlay, titles, format, href,
    metas: new MetaStore(api),
    actor: { name: boot.user.name, roles: boot.user.roles },
    drafts: new IndexedDbDrafts(`${boot.sitename}/${boot.user.name}`),
    shortcuts: new ShortcutBook(),
    realtime: new Realtime(boot),
    routes: new RouteBook(boot.doctypes, boot.workspaces, Object.keys(boot.page_info)),
    preferences: createPreferences({
      storage: localStorage,
      kept: boot.user.settings,
      // Losing a preference on the server is no reason to disturb anybody; the browser has it.
      keep: (values) => void api.post('frappe.model.utils.user_settings.save', { doctype: 'Desk', user_settings: JSON.stringify(values) }, { quiet: true, once: true }).catch(() => undefined),
    }),
    go: (route, options = {}) => go(router, href(route), toPath(route), options),
  };
}

/** What conditions of DocTypes may ask about the user and the site. */
function conditionNames(boot: Boot): Record<string, unknown> {
  const { user, sysdefaults } = boot;
  return {
    boot: { user, sysdefaults, developer_mode: boot.developer_mode, lang: boot.lang },
    session: { user: user.name, user_fullname: user.full_name },
    user_roles: user.roles,
    sys_defaults: sysdefaults,
    user: { name: user.name, has_role: (role: unknown) => user.roles.includes(String(role)) },
  };
}

function go(router: Router, address: string, path: string, { values, filters, replace, newTab }: GoOptions): void {
  const doctype = filters?.[0]?.doctype;
  const query = filters && doctype ? toQuery(filters, doctype) : {};
  if (newTab) {
    const search = values ? `?${carryValues(values)}` : '';
    window.open(address + search, '_blank', 'noopener');
    return;
  }
  const location = { path, query: { ...query, ...(values ? Object.fromEntries(carryValues(values)) : {}) } };
  void (replace ? router.replace(location) : router.push(location));
}
