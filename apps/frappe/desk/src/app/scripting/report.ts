/** Report scripts: what they leave in `frappe.query_reports`, and the `frappe.query_report` that they ask. */
import { __ } from '@/core/i18n';
import type { ReportColumn, ReportRow } from '@/core/report';
import type { FormController } from '@/ui/form/controller';
import { valuesOf } from '@/ui/form/dialogs';
import type { DeskServices } from '@/ui/services';
import type { OpenReport, ReportScript } from '../reportScripts';
import { loadScript } from './loader';
import { watched } from './missing';
import { buttonHandle } from './page';
import { ensureRuntime } from './runtime';
import type { Any, Bag, Callback } from './types';
import { formatAsHtml } from './values';

/** Loads a report's script; its settings, or nothing when it leaves none. */
export async function loadReportScript(desk: DeskServices, report: string, address: string): Promise<ReportScript> {
  const runtime = ensureRuntime(desk);
  await loadScript(address);
  const settings = ((runtime.frappe.query_reports as Record<string, Bag>)[report] ?? {}) as Bag;
  return {
    filters: (settings.filters ?? []) as ReportScript['filters'],
    isTree: Boolean(settings.tree),
    parentField: settings.parent_field ? String(settings.parent_field) : null,
    initialDepth: settings.initial_depth === undefined ? null : Number(settings.initial_depth),
    formatter: typeof settings.formatter === 'function' ? formatterOf(desk, settings.formatter as Callback) : null,
    attach: (open) => {
      runtime.frappe.query_report = queryReport(report, open);
      if (typeof settings.onload === 'function') (settings.onload as Any).call(settings, runtime.frappe.query_report);
      if (typeof settings.refresh === 'function') (settings.refresh as Any).call(settings, runtime.frappe.query_report);
    },
    changed: async (fieldname) => {
      const filter = ((settings.filters ?? []) as Bag[]).find((item) => item.fieldname === fieldname);
      const handler = filter?.on_change ?? filter?.onchange;
      if (typeof handler !== 'function') return false;
      await (handler as Any).call(filter, runtime.frappe.query_report);
      return true;
    },
  };
}

/** The script's formatter, called as upstream calls it; the desk shows its HTML sanitised. */
function formatterOf(desk: DeskServices, format: Callback): (value: unknown, row: ReportRow, column: ReportColumn) => unknown {
  const usual = (value: unknown, _row: unknown, column: Bag, data: Bag): unknown => formatAsHtml(desk, value, { fieldtype: column.fieldtype, options: column.options, fieldname: column.fieldname } as never, data as never);
  return (value, row, column) => (format as Any)(value, row, { ...column, df: column }, row, usual) as unknown;
}

/** The grid as upstream's scripts ask it: which rows are ticked (places among `data`), and the rows. */
function gridHandle(open: OpenReport): Bag {
  const checked = (): string[] => open.ticked().map((row) => String(open.rows().indexOf(row)));
  return watched('frappe.query_report.datatable', {
    rowmanager: watched('frappe.query_report.datatable.rowmanager', { getCheckedRows: checked }),
    datamanager: watched('frappe.query_report.datatable.datamanager', { get data() { return open.rows(); } }),
    refresh: () => open.refresh(),
  });
}

function queryReport(report: string, open: OpenReport): Bag {
  const form = (): FormController => open.form();
  const button = (label: string, run: Callback): Any => {
    open.addButton({ label, run: () => void run() });
    return buttonHandle(null);
  };
  return watched('frappe.query_report', {
    report_name: report, report_doc: { name: report },
    get data() { return open.rows(); },
    datatable: gridHandle(open),
    get columns() { return open.columns(); },
    get_filter_value: (fieldname: string) => form().doc[fieldname],
    get_filter_values: () => valuesOf(form()),
    get_values: () => valuesOf(form()),
    get_filter: (fieldname: string) => ({ df: form().field(fieldname) ?? {}, get_value: () => form().doc[fieldname], set_value: (value: unknown) => form().setValue(fieldname, value), set_input: (value: unknown) => form().setValue(fieldname, value), refresh: () => undefined, toggle: () => undefined }),
    set_filter_value: async (given: string | Bag, value?: unknown) => {
      for (const [fieldname, next] of typeof given === 'string' ? [[given, value] as const] : Object.entries(given)) await form().setValue(fieldname, next);
    },
    refresh: () => open.refresh(),
    toggle_filter_display: (fieldname: string, hide: boolean) => { const field = form().field(fieldname); if (field) field.hidden = hide ? 1 : 0; },
    page: watched('frappe.query_report.page', { add_inner_button: button, add_button: button, add_menu_item: button, add_action_item: button, set_title: () => undefined, clear_inner_toolbar: () => undefined, set_primary_action: button, wrapper: null }),
    get_title: () => __(report),
  });
}
