/**
 * What lies over the page: notices that go by themselves, and dialogs asked for from code.
 * Invariant: every promise given out here is settled when its dialog closes, however it closes.
 */
import { markRaw, shallowReactive, type Component } from 'vue';
import { asApiError } from '@/core/api/errors';
import type { ServerMessage } from '@/core/api/envelope';
import { __ } from '@/core/i18n';
import { toneOf, type Tone } from '@/core/status';

export interface Toast { id: number; text: string; title?: string; tone: Tone; action?: { label: string; run(): void } }
export interface OpenDialog { id: number; component: Component; props: Record<string, unknown> }

export interface ConfirmOptions { title: string; message?: string; action?: string; cancel?: string; danger?: boolean }
export interface MessageOptions { title?: string; message: string; messages?: string[]; tone?: Tone; action?: { label: string; run(): void } }

const SECONDS_SHOWN = 6;

export class Overlay {
  readonly toasts = shallowReactive<Toast[]>([]);
  readonly dialogs = shallowReactive<OpenDialog[]>([]);
  private nextId = 1;

  /** The components that draw questions and messages are handed in, so that this file draws nothing itself. */
  constructor(private readonly parts: { confirm: Component; message: Component }) {}

  /** Shows a notice for some seconds; one with an action or an error stays longer. */
  toast(text: string, tone: Tone = 'green', extra: Partial<Pick<Toast, 'title' | 'action'>> & { seconds?: number } = {}): void {
    const { seconds, ...shown } = extra;
    const toast: Toast = { id: this.nextId++, text, tone, ...shown };
    this.toasts.push(toast);
    const lasts = seconds ?? (tone === 'red' || toast.action ? SECONDS_SHOWN * 2 : SECONDS_SHOWN);
    setTimeout(() => this.dismiss(toast.id), lasts * 1000);
  }

  /** Takes a notice away. */
  dismiss(id: number): void {
    const at = this.toasts.findIndex((toast) => toast.id === id);
    if (at >= 0) this.toasts.splice(at, 1);
  }

  /** Opens a dialog component; its `close` event (or the returned function) ends it. */
  open(component: Component, props: Record<string, unknown> = {}): () => void {
    const id = this.nextId++;
    const close = (): void => {
      const at = this.dialogs.findIndex((dialog) => dialog.id === id);
      if (at >= 0) this.dialogs.splice(at, 1);
    };
    this.dialogs.push({ id, component: markRaw(component), props: { ...props, onClose: combine(props.onClose, close) } });
    return close;
  }

  /** Asks a yes-or-no question. */
  confirm(options: ConfirmOptions): Promise<boolean> {
    return new Promise((resolve) => {
      let answer = false;
      this.open(this.parts.confirm, { ...options, onAnswer: (yes: boolean) => (answer = yes), onClose: () => resolve(answer) });
    });
  }

  /** Shows a message until it is closed. */
  message(options: MessageOptions): Promise<void> {
    return new Promise((resolve) => this.open(this.parts.message, { ...options, onClose: () => resolve() }));
  }

  /** Shows the messages of a successful answer: alerts go by, the rest waits for a click. */
  serverMessages(messages: readonly ServerMessage[]): void {
    const alerts = messages.filter((message) => message.alert);
    alerts.forEach((alert) => this.toast(alert.message, toneOf(alert.indicator ?? 'blue')));
    const others = messages.filter((message) => !message.alert);
    if (!others.length) return;
    const title = others.find((message) => message.title)?.title;
    void this.message({ title: title ?? __('Message'), message: others[0]!.message, messages: others.slice(1).map((item) => item.message), tone: toneOf(others[0]!.indicator ?? 'blue') });
  }

  /** Shows a failure that belongs to no field and no form. */
  error(failure: unknown): void {
    const error = asApiError(failure);
    const [first, ...rest] = error.messages;
    if (!rest.length && first!.message.length < 160 && !/<\w/.test(first!.message)) this.toast(first!.message, 'red');
    else void this.message({ title: first!.title ?? __('Not possible'), message: first!.message, messages: rest.map((item) => item.message), tone: 'red' });
  }
}

function combine(given: unknown, close: () => void): () => void {
  return () => {
    close();
    if (typeof given === 'function') (given as () => void)();
  };
}
