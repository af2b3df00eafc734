/** What jsdom lacks and components rely on. */
import 'fake-indexeddb/auto';
import { afterEach } from 'vitest';
import { enableAutoUnmount } from '@vue/test-utils';
import { lendNames } from '@/core/meta/conditions';
import { setCatalogues } from '@/core/i18n';

HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) { this.setAttribute('open', ''); };
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.removeAttribute('open');
  this.dispatchEvent(new Event('close'));
};
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, (char) => `\\${char}`) } as typeof CSS;
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.ResizeObserver ??= class { observe(): void { /* sizes never change here */ } unobserve(): void { /* ditto */ } disconnect(): void { /* ditto */ } };
globalThis.matchMedia ??= ((query: string) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined })) as never;

const realFetch = globalThis.fetch;
enableAutoUnmount(afterEach);
afterEach(() => {
  setCatalogues('en');
  lendNames({});
  globalThis.fetch = realFetch;
  document.body.replaceChildren();
});
