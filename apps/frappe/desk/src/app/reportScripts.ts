/** A report's script settings. The scripting layer is loaded only for reports that have a script. */
import type { DocField } from '@/core/meta/types';
import type { ReportColumn, ReportRow } from '@/core/report';
import type { FormController } from '@/ui/form/controller';
import type { DeskServices } from '@/ui/services';

export interface ReportButton { label: string; run(): void }

/** The open report as its script may use it. */
export interface OpenReport {
  form(): FormController;
  rows(): ReportRow[];
  /** Those that are ticked, in the order of the table. */
  ticked(): ReportRow[];
  columns(): ReportColumn[];
  addButton(button: ReportButton): void;
  refresh(): void;
}

export interface ReportScript {
  filters: Partial<DocField>[];
  isTree: boolean;
  parentField: string | null;
  initialDepth: number | null;
  formatter: ((value: unknown, row: ReportRow, column: ReportColumn) => unknown) | null;
  attach(open: OpenReport): void;
  /** A filter changed; whether the script has dealt with it. */
  changed(fieldname: string): Promise<boolean>;
}

const NONE: ReportScript = { filters: [], isTree: false, parentField: null, initialDepth: null, formatter: null, attach: () => undefined, changed: () => Promise.resolve(false) };

/** The script of a report; an empty one when it has none. */
export async function reportScript(desk: DeskServices, report: string, address: string | null | undefined): Promise<ReportScript> {
  if (!address) return NONE;
  const { loadReportScript } = await import('./scripting/report');
  return loadReportScript(desk, report, address);
}
