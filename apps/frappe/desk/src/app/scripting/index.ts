/** Opens forms and lists to the scripts of their DocTypes. Loaded only when a DocType has a script. */
import { nextTick } from 'vue';
import type { Meta } from '@/core/meta/meta';
import type { FormController } from '@/ui/form/controller';
import type { DeskServices } from '@/ui/services';
import type { TreeSettings } from '@/ui/list/treeSettings';
import type { AttachedScripts, FormPlace } from '../formScripts';
import type { ListChrome, ListExtension, OpenList } from '../listScripts';
import { Frm } from './form';
import { listView, readSettings } from './list';
import { loadAsset, loadScript } from './loader';
import { ensureRuntime, type Runtime } from './runtime';
import type { Any, Bag } from './types';
import './scripting.css';

/** What apps want on every page of the desk (`app_include_js`, `app_include_css`). */
export async function loadIncludes(desk: DeskServices): Promise<void> {
  for (const address of [...desk.boot.include_css, ...desk.boot.include_js]) {
    await loadAsset(address).catch((error: unknown) => console.error(error));
  }
}

/** Loads a script; one that fails to load leaves the form usable. */
async function load(address: string | undefined): Promise<void> {
  if (address) await loadScript(address).catch((error: unknown) => console.error(error));
}

function frmOf(runtime: Runtime, meta: Meta): Frm {
  const known = runtime.frms.get(meta.name);
  if (known) return known;
  const frm = new Frm(meta, { server: runtime.server, book: runtime.book, validated: runtime.validated });
  runtime.frms.set(meta.name, frm);
  return frm;
}

/** Attaches the scripts of a form. */
export async function openFormScripts(desk: DeskServices, form: FormController, place: FormPlace): Promise<AttachedScripts> {
  const runtime = ensureRuntime(desk);
  const frm = frmOf(runtime, form.meta);
  frm.attach(form, () => document.querySelector<HTMLElement>('.form-page'), place);
  runtime.setOpenForm(frm);
  await loadIncludes(desk);
  for (const meta of [form.meta, ...form.meta.tables.map((table) => form.childMeta(table))]) await load(meta?.data.__js_url);
  await nextTick();
  await frm.opened();
  return {
    refresh: () => frm.refreshed(),
    detach() {
      frm.detach();
      if (runtime.frms.get(form.meta.name) === frm && frm.controller === form) runtime.setOpenForm(null);
    },
  };
}

/** Attaches the script of a list. */
export async function openListScripts(desk: DeskServices, meta: Meta, chrome: ListChrome): Promise<ListExtension> {
  const runtime = ensureRuntime(desk);
  await loadIncludes(desk);
  await load(meta.data.__list_js_url);
  await load(meta.data.__tree_js_url as string | undefined);
  const settings = readSettings((runtime.frappe.listview_settings as Record<string, Bag>)[meta.name]);
  settings.tree = (runtime.frappe.treeview_settings as Record<string, TreeSettings>)[meta.name] ?? {};
  let view: Any = null;
  return {
    settings, chrome,
    attach(list: OpenList) {
      view = listView(desk, runtime.server, meta, chrome, list, settings);
      runtime.setOpenList(view);
    },
    loaded() {
      settings.onload?.(view);
      settings.refresh?.(view);
    },
  };
}
