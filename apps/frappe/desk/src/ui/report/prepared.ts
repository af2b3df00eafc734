/** Runs of a report in the background: asked for, waited for, and the earlier ones. Invariant: it is asked after only while one is under way. */
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import { __ } from '@/core/i18n';
import type { DeskServices } from '../services';

export interface PreparedRun { name: string; status: string; report_end_time?: string | null; creation: string; error_message?: string | null; filters?: string }

const ASK_EVERY_MS = 3000;
const METHODS = 'frappe.desk.query_report';

/** The background runs of one report for the conditions that `filters` gives; `ready` is called when one has ended. */
export function usePrepared(desk: DeskServices, report: string, filters: () => Record<string, unknown>, ready: () => void) {
  const waiting = ref(false);
  const problem = ref('');
  const earlier = shallowRef<PreparedRun[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let name = '';

  async function start(): Promise<void> {
    problem.value = '';
    try {
      const answer = await desk.api.post<{ name?: string }>(`${METHODS}.background_enqueue_run`, { report_name: report, filters: filters() });
      name = String(answer.message?.name ?? '');
      watchOn();
    } catch (error) {
      desk.overlay.error(error);
    }
  }

  function watchOn(): void {
    waiting.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ASK_EVERY_MS);
  }

  /** Whether the run has ended; told by the server's event, else by asking now and then. */
  async function look(): Promise<void> {
    const answer = await desk.api.get<Partial<PreparedRun>>('frappe.client.get_value', { doctype: 'Prepared Report', filters: { name }, fieldname: ['status', 'error_message'] }, { quiet: true }).catch(() => null);
    const status = answer?.message.status ?? '';
    if (!['Completed', 'Error'].includes(status)) return watchOn();
    waiting.value = false;
    clearTimeout(timer);
    if (status === 'Error') problem.value = lastLine(answer?.message.error_message) || __('The report could not be made.');
    else ready();
  }

  /** Finds a run that is still under way from an earlier visit. */
  async function resume(): Promise<void> {
    const answer = await desk.api.get<PreparedRun[]>('frappe.core.doctype.prepared_report.prepared_report.get_reports_in_queued_state', { report_name: report, filters: filters() }, { quiet: true }).catch(() => null);
    const [found] = answer?.message ?? [];
    if (!found) return;
    name = found.name;
    watchOn();
  }

  async function loadEarlier(): Promise<void> {
    const asked = { doctype: 'Prepared Report', filters: { report_name: report, status: 'Completed', owner: desk.actor.name }, fields: ['name', 'status', 'report_end_time', 'creation', 'filters'], order_by: 'creation desc', limit_page_length: 10 };
    earlier.value = (await desk.api.get<PreparedRun[]>('frappe.client.get_list', asked, { quiet: true }).catch(() => ({ message: [] }))).message ?? [];
  }

  const stop = desk.realtime.on('report_generated', (message) => {
    if (waiting.value && (message.report_name === report || message.name === name)) void look();
  });
  onBeforeUnmount(() => {
    stop();
    clearTimeout(timer);
  });
  return { waiting, problem, earlier, start, resume, loadEarlier };
}

/** What a report of the error says at its end. */
function lastLine(text: string | null | undefined): string {
  return String(text ?? '').trim().split('\n').at(-1) ?? '';
}
