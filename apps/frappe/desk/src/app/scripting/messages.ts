/** What scripts say to people: messages, questions, notices, progress, a locked page. */
import { reactive } from 'vue';
import { __ } from '@/core/i18n';
import { toneOf } from '@/core/status';
import { askValues, completeFields } from '@/ui/form/dialogs';
import type { DeskServices } from '@/ui/services';
import type { DocField } from '@/core/meta/types';
import type { Any, Bag, Callback } from './types';

/** What `frappe.throw` throws: the message has been shown already. */
export class ShownError extends Error {}

interface MessageBag { message?: string; title?: string; indicator?: string; alert?: unknown; as_list?: unknown; primary_action?: { label?: string; action?: Callback; server_action?: string; args?: Bag; client_action?: unknown }; primary_action_label?: string }

function asBag(given: unknown, title?: string): MessageBag {
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) return given as MessageBag;
  const message = Array.isArray(given) ? given.map(String).join('\n') : String(given ?? '');
  return title === undefined ? { message } : { message, title };
}

function showMessage(desk: DeskServices, given: unknown, title?: string, fallbackTone = 'blue'): void {
  const bag = asBag(given, title);
  const text = Array.isArray(bag.message) ? (bag.message as string[]).join('\n') : String(bag.message ?? '');
  if (bag.alert) return desk.overlay.toast(text, toneOf(bag.indicator ?? fallbackTone));
  const action = actionOf(desk, bag);
  void desk.overlay.message({ message: text, tone: toneOf(bag.indicator ?? fallbackTone), ...(bag.title ? { title: bag.title } : {}), ...(action ? { action } : {}) });
}

/** The action of a message: a function, or a method of the server. */
function actionOf(desk: DeskServices, { primary_action: primary, primary_action_label: label }: MessageBag): { label: string; run(): void } | null {
  const onServer = (): void => void desk.api.post(primary!.server_action!, primary!.args ?? {}).catch((error: unknown) => desk.overlay.error(error));
  const run = primary?.action ?? (primary?.server_action ? onServer : null);
  return run ? { label: primary?.label ?? label ?? __('OK', null, 'Desk'), run: () => void run(primary?.args) } : null;
}

/** The page locked while something runs; one curtain, counted. */
const curtain = reactive({ count: 0, text: '', element: null as HTMLElement | null });

function freeze(text = ''): void {
  curtain.count += 1;
  if (!curtain.element) {
    const element = document.createElement('div');
    element.setAttribute('role', 'alert');
    element.setAttribute('aria-busy', 'true');
    element.className = 'freeze';
    document.body.append(element);
    curtain.element = element;
  }
  curtain.element.textContent = text;
}

function unfreeze(): void {
  curtain.count = Math.max(0, curtain.count - 1);
  if (curtain.count > 0) return;
  curtain.element?.remove();
  curtain.element = null;
}

/** Fields for a prompt: one field, several, or a mere label. */
function promptFields(given: unknown): Partial<DocField>[] {
  if (typeof given === 'string') return [{ fieldname: 'value', fieldtype: 'Data', label: given, reqd: 1 }];
  return completeFields(Array.isArray(given) ? (given as Partial<DocField>[]) : [given as Partial<DocField>]);
}

/** The parts of `frappe` that speak to people. */
export function messageNamespace(desk: DeskServices): Bag {
  const msgprint = (given: unknown, title?: string): void => showMessage(desk, given, title);
  const alert = (given: unknown, seconds = 7): void => {
    const { message, indicator, title } = asBag(given);
    desk.overlay.toast(String(message ?? ''), toneOf(indicator ?? 'green'), { seconds, ...(title ? { title } : {}) });
  };
  return {
    msgprint,
    throw: (given: unknown, title?: string): never => {
      showMessage(desk, given, title ?? __('Message'), 'red');
      throw new ShownError(String(asBag(given).message ?? ''));
    },
    show_alert: alert,
    toast: alert,
    hide_msgprint: () => desk.overlay.dialogs.splice(0),
    confirm: (message: string, yes?: Callback, no?: Callback) => void desk.overlay.confirm({ title: __('Please confirm'), message, action: __('Yes'), cancel: __('No') }).then((isSure) => (isSure ? yes?.() : no?.())),
    warn: (title: string, message: string, proceed: Callback, label?: string) => void desk.overlay.confirm({ title, message, action: label ?? __('Go on'), danger: true }).then((isSure) => isSure && proceed()),
    prompt: (fields: unknown, callback: Callback, title?: string, label?: string) => void askValues(desk, {
      title: title ?? __('Enter a value'), fields: promptFields(fields), action: label ?? __('OK', null, 'Desk'), accept: callback,
    }),
    show_progress: (title: string, count: number, total = 100, text = '') => desk.overlay.toast(`${title}: ${Math.round((count / total) * 100)} % ${text}`, 'blue', { seconds: 2 }),
    hide_progress: () => undefined,
    dom: {
      freeze, unfreeze,
      get freeze_count() { return curtain.count; },
      get_unique_id: () => `id-${Math.random().toString(36).slice(2)}`,
      eval: () => { throw new Error('Scripts given as text cannot run under the Content-Security-Policy'); },
      set_style: () => undefined,
    } as Any,
    freeze, unfreeze,
  };
}
