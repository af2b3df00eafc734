/**
 * What scripts draw by themselves: `frappe.Chart`, `frappe.DataTable`, pages by `frappe.ui.make_app_page`, addresses and contacts, templates.
 * Invariant: drawn by the desk's own components; text of documents is text, and what is HTML is cleaned before it is shown.
 */
import $ from 'jquery';
import { createApp, defineAsyncComponent, h, shallowReactive, type App, type Component } from 'vue';
import { chartKind, readChart } from '@/core/chart';
import { __ } from '@/core/i18n';
import { readColumn, readRows, treeRows, type ReportColumn, type TableRow } from '@/core/report';
import { renderTemplate } from '@/core/template';
import { sanitised } from '@/ui/base/sanitise';
import Chart from '@/ui/chart/Chart.vue';
import { DESK, type DeskServices } from '@/ui/services';
import { makeControl } from './embedded';
import { watched } from './missing';
import { buttonHandle } from './page';
import type { Any, Bag, Callback } from './types';

const ReportGrid = defineAsyncComponent(() => import('@/ui/report/ReportGrid.vue'));

function elementOf(given: Any): HTMLElement | null {
  return typeof given === 'string' ? document.querySelector<HTMLElement>(given) : ($(given as HTMLElement)[0] ?? null);
}

/** Draws a component alone in an element, with properties that can change. */
function drawAlone(desk: DeskServices, parent: HTMLElement | null, component: Component, props: () => Bag): App {
  const app = createApp({ render: () => h(component, props()) }).provide(DESK, desk);
  const host = document.createElement('div');
  parent?.replaceChildren(host);
  app.mount(host);
  return app;
}

/** The class `frappe.Chart`, called as frappe-charts is: `new frappe.Chart(parent, { data, type, height, title })`. */
export function chartClass(desk: DeskServices): Any {
  return class ScriptChart {
    readonly options: Bag;
    private readonly app: App;

    constructor(readonly parent: Any, options: Bag) {
      this.options = shallowReactive({ ...options });
      this.app = drawAlone(desk, elementOf(parent), Chart, () => ({
        data: readChart(this.options) ?? { labels: [], datasets: [] }, kind: chartKind(String(this.options.type ?? 'line')), label: String(this.options.title ?? __('Chart', null, 'Desk')), height: Number(this.options.height ?? 240), colours: (this.options.colors as string[] | undefined) ?? [],
      }));
    }

    update(data: Bag): void { this.options.data = data; }
    draw(): void { /* It is drawn anew by itself. */ }
    destroy(): void { this.app.unmount(); }
  };
}

interface TableColumn { id?: string; fieldname?: string; name?: string; label?: string; content?: string; [key: string]: unknown }

function columnOf(given: string | TableColumn, index: number): ReportColumn {
  if (typeof given === 'string') return readColumn({ fieldname: `column_${index}`, label: given }, index);
  return readColumn({ ...given, fieldname: given.fieldname ?? given.id ?? given.name, label: given.label ?? given.name ?? given.content ?? given.id }, index);
}

/** The class `frappe.DataTable`: `new frappe.DataTable(parent, { columns, data })`. */
export function dataTableClass(desk: DeskServices): Any {
  return class ScriptTable {
    readonly options: Bag;
    readonly wrapper: HTMLElement | null;
    private readonly app: App;

    constructor(parent: Any, options: Bag) {
      this.options = shallowReactive({ ...options });
      this.wrapper = elementOf(parent);
      const columns = (): ReportColumn[] => ((this.options.columns ?? []) as (string | TableColumn)[]).map(columnOf);
      const rows = (): TableRow[] => treeRows(readRows((this.options.data ?? []) as unknown[], columns(), false).rows);
      this.app = drawAlone(desk, this.wrapper, ReportGrid, () => ({ columns: columns(), rows: rows(), label: String(this.options.title ?? __('Table', null, 'Desk')), numbered: Boolean(this.options.serialNoColumn ?? true) }));
    }

    refresh(data?: unknown[], columns?: unknown[]): void {
      if (columns) this.options.columns = columns;
      if (data) this.options.data = data;
    }
    get datamanager(): Bag { return { data: this.options.data, getRows: () => this.options.data, getColumns: () => this.options.columns }; }
    destroy(): void { this.app.unmount(); }
  };
}

/** A field in a page of a script. */
function addField(desk: DeskServices, area: () => HTMLElement | null, df: Bag): Any {
  const host = $('<div class="script-page-field"></div>').appendTo(area() ?? document.createElement('div'));
  return makeControl(desk, { df: { ...df, onchange: df.onchange ?? df.change }, parent: host, value: df.default });
}

/** `frm.page.add_field(df)`: a field above the form. */
export function fieldAbove(desk: DeskServices, root: () => HTMLElement | null, df: Bag): Any {
  const area = (): HTMLElement | null => {
    const page = root();
    const known = page?.querySelector<HTMLElement>(':scope > .script-page-fields');
    if (known || !page) return known ?? null;
    const made = $('<div class="script-page-fields"></div>')[0]!;
    page.insertBefore(made, page.children[1] ?? null);
    return made;
  };
  return addField(desk, area, df);
}

/** `frappe.ui.make_app_page({ parent, title, single_column })`: head with buttons, fields, and a body that the script fills. */
export function makeAppPage(desk: DeskServices, { parent, title }: Bag): Bag {
  const $parent = $(parent as HTMLElement);
  const $page = $('<div class="script-page"><header class="script-page-head"><h1></h1><div class="script-page-actions"></div></header><div class="script-page-fields"></div><div class="layout-main-section script-page-body"></div></div>').appendTo($parent);
  const $actions = $page.find('.script-page-actions');
  const button = (label: string, run: Callback, css = ''): Any => {
    const $button = $('<button type="button" class="btn"></button>').addClass(css).text(__(label)).on('click', () => void run()).appendTo($actions);
    return $button;
  };
  const page: Bag = watched('page', {
    wrapper: $page, parent: $parent, main: $page.find('.script-page-body'), body: $page.find('.script-page-body'), page_actions: $actions, page_form: $page.find('.script-page-fields'), fields_dict: {},
    set_title: (text: string) => { $page.find('h1').text(__(text)); page.title = text; },
    set_primary_action: (label: string, run: Callback) => { $actions.find('.primary').remove(); return button(label, run, 'primary'); },
    set_secondary_action: (label: string, run: Callback) => button(label, run),
    clear_primary_action: () => $actions.find('.primary').remove(),
    add_button: button, add_inner_button: (label: string, run: Callback) => button(label, run), add_menu_item: (label: string, run: Callback) => button(label, run), add_action_item: (label: string, run: Callback) => button(label, run),
    clear_inner_toolbar: () => $actions.empty(), clear_menu: () => undefined, set_indicator: () => undefined, clear_indicator: () => undefined, add_action_icon: () => buttonHandle(null), show_form: () => undefined, hide_form: () => undefined,
    add_field: (df: Bag) => {
      const control: Any = addField(desk, () => $page.find<HTMLElement>('.script-page-fields')[0] ?? null, df);
      (page.fields_dict as Bag)[String(df.fieldname)] = control;
      return control;
    },
  });
  if (title) page.set_title(title);
  ($parent[0] as unknown as Bag | undefined ?? {}).page = page;
  return page;
}

interface Listed { display?: string; name?: string; address_title?: string; first_name?: string; last_name?: string; email_id?: string; phone?: string; mobile_no?: string }

/** `frappe.contacts`: the addresses and contacts that came with a document, in its `address_html` and `contact_html`. */
export function contactsNamespace(desk: DeskServices): Bag {
  const clear = (frm: Any): void => {
    for (const fieldname of ['address_html', 'contact_html']) $(frm.fields_dict?.[fieldname]?.wrapper as HTMLElement).empty();
  };
  const list = (frm: Any, fieldname: string, doctype: string, items: readonly Listed[], lines: (item: Listed) => string[]): void => {
    const $host = $(frm.fields_dict?.[fieldname]?.wrapper as HTMLElement).empty();
    for (const item of items) {
      const $item = $('<div class="script-contact"></div>').appendTo($host);
      $('<a></a>').attr('href', desk.href({ kind: 'form', doctype, name: String(item.name) })).text(item.address_title ?? (`${item.first_name ?? ''} ${item.last_name ?? ''}`.trim() || String(item.name))).appendTo($item);
      for (const line of lines(item)) $('<div></div>').append(sanitised(line)).appendTo($item);
    }
  };
  return watched('frappe.contacts', {
    clear_address_and_contact: clear,
    render_address_and_contact: (frm: Any) => {
      const given = (frm.doc.__onload ?? {}) as { addr_list?: Listed[]; contact_list?: Listed[] };
      list(frm, 'address_html', 'Address', given.addr_list ?? [], (item) => [item.display ?? '']);
      list(frm, 'contact_html', 'Contact', given.contact_list ?? [], (item) => [item.email_id, item.phone, item.mobile_no].filter(Boolean).map((text) => $('<div></div>').text(String(text)).html()));
    },
  });
}

/** `frappe.render_template(template or its name, values)`. */
export function templateRenderer(templates: () => Bag, names: () => Bag): (template: string, values?: Bag) => string {
  return (template, values = {}) => renderTemplate(String(templates()[template] ?? template), { ...names(), ...values });
}
