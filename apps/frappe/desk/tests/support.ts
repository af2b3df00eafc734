/** Makes a desk over the fake site, and mounts parts of it. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { markRaw, nextTick, type Component } from 'vue';
import { createMemoryHistory, createRouter, type Router } from 'vue-router';
import { parseBoot } from '@/core/boot';
import type { Doc, DocInfo } from '@/core/document/types';
import type { DocField } from '@/core/meta/types';
import '@/ui/fields';
import { createDesk } from '@/app/desk';
import { setCatalogues } from '@/core/i18n';
import type { FieldDefinition } from '@/ui/fields/types';
import { FORM, FormController } from '@/ui/form/controller';
import { DESK, type DeskServices } from '@/ui/services';
import { FakeSite } from './fake/site';
import { testFormat } from './format';

const EMPTY: Component = { template: '<div />', render: () => null };

/** A boot as the fake site gives it, with changes. */
export function testBoot(site: FakeSite = new FakeSite()): ReturnType<typeof parseBoot> {
  return parseBoot(site.boot());
}

export interface TestDesk { desk: DeskServices; site: FakeSite; router: Router }

/** A desk over a fresh fake site. */
export function makeDesk(site = new FakeSite()): TestDesk {
  localStorage.clear();
  const router = createRouter({ history: createMemoryHistory('/app'), routes: [{ path: '/:path(.*)*', component: EMPTY }] });
  const boot = testBoot(site);
  setCatalogues(boot.lang, boot.messages);
  globalThis.fetch = site.fetch;
  const desk = createDesk(boot, router, '/app');
  desk.format.now = testFormat().now;
  return { desk, site, router };
}

/** Lets pending answers and redraws happen. */
export async function settle(rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await nextTick();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A form over a document of the fake site (or a new one). */
export async function openForm(testDesk: TestDesk, doctype: string, name: string, changes: Partial<Doc> = {}): Promise<FormController> {
  const meta = await testDesk.desk.metas.load(doctype);
  const answer = await testDesk.desk.api.get('frappe.desk.form.load.getdoc', { doctype, name });
  testDesk.desk.titles.learn(answer._link_titles);
  return markRaw(new FormController({ desk: testDesk.desk, meta, doc: { ...(answer.docs![0] as Doc), ...changes }, info: answer.docinfo as DocInfo }));
}

export interface FieldCase { field?: Partial<DocField>; value?: unknown; doc?: Partial<Doc>; cell?: boolean; initialText?: string }

/** What each mounted editor told its form, by event. */
const told = new WeakMap<object, Record<string, unknown[]>>();

/** Mounts the editor of a field type. */
export function mountEdit(definition: FieldDefinition, { field, value = '', doc, ...more }: FieldCase = {}, desk = makeDesk().desk): VueWrapper {
  const given: DocField = { fieldname: 'field', fieldtype: definition.type, label: 'Field', ...field };
  const heard: Record<string, unknown[]> = {};
  const listener = (event: string) => (payload: unknown) => void (heard[event] ??= []).push(payload);
  const listeners = { onSet: listener('set'), onProblem: listener('problem'), onAdvance: listener('advance') };
  const wrapper = mount(definition.edit, { props: { field: given, modelValue: value, doc: { doctype: 'Test', name: 'T-1', field: value, ...doc }, id: 'the-input', ...more, ...listeners }, global: { provide: { [DESK as symbol]: desk } }, attachTo: document.body });
  told.set(wrapper, heard);
  return wrapper;
}

/** Mounts the reader of a field type. */
export function mountShow(definition: FieldDefinition, { field, value = '', doc, cell }: FieldCase = {}, desk = makeDesk().desk): VueWrapper {
  const given: DocField = { fieldname: 'field', fieldtype: definition.type, label: 'Field', ...field };
  return mount(definition.show, { props: { field: given, modelValue: value, doc: { doctype: 'Test', name: 'T-1', field: value, ...doc }, cell: cell ?? false }, global: { provide: { [DESK as symbol]: desk } }, attachTo: document.body });
}

/** Mounts a component inside a form. */
export function mountInForm(component: Component, form: FormController, props: Record<string, unknown> = {}): VueWrapper {
  return mount(component, { props, global: { provide: { [DESK as symbol]: form.desk, [FORM as symbol]: form } }, attachTo: document.body });
}

/** The last thing that an editor told its form with an event. */
export function lastSet(wrapper: VueWrapper, event = 'set'): unknown {
  return told.get(wrapper)?.[event]?.at(-1);
}

/** Types into an input and leaves it. */
export async function type(wrapper: VueWrapper, text: string, selector = 'input'): Promise<void> {
  const input = wrapper.get(selector);
  await input.trigger('focus');
  // Sends both `input` and `change`.
  await input.setValue(text);
  await settle(2);
}
