/** The workflow of an open form: the steps the user can take now, and taking one. Invariant: the server says which steps are open. */
import { shallowRef } from 'vue';
import type { DeskServices } from '../services';
import type { Doc } from '@/core/document/types';
import { __ } from '@/core/i18n';
import type { Workflow, WorkflowStep } from '@/core/workflow';

/** What of a form a workflow works with. */
export interface WorkflowForm {
  readonly desk: DeskServices;
  readonly doc: Doc;
  readonly model: { isNew: boolean; payload(): Doc };
  reload(): Promise<void>;
  clearErrors(): void;
  showError(failure: unknown): void;
}

/** What scripts do around a step; `false` from the first stops it. */
export interface WorkflowExtension { beforeStep?(action: string): Promise<boolean>; afterStep?(action: string): Promise<void> }

export class FormWorkflow {
  readonly steps = shallowRef<WorkflowStep[]>([]);
  readonly busy = shallowRef('');
  private asked = 0;

  constructor(readonly rules: Workflow, private readonly form: WorkflowForm) {}

  /** Asks the server which steps are open now. */
  async refresh(): Promise<void> {
    const mine = (this.asked += 1);
    if (this.form.model.isNew) return void (this.steps.value = []);
    const { doctype, name } = this.form.doc;
    const answer = await this.form.desk.api.post<{ action: string; next_state: string }[]>('frappe.model.workflow.get_transitions', { doc: { doctype, name } }, { quiet: true })
      .catch((error: unknown) => {
        this.form.desk.overlay.error(error);
        return { message: [] };
      });
    if (mine === this.asked) this.steps.value = this.rules.steps(answer.message ?? []);
  }

  /** Whether the user may change the document in its state. */
  get mayEdit(): boolean {
    return this.form.model.isNew || this.rules.mayEdit(this.form.doc, this.form.desk.boot.user.roles);
  }

  /** Takes a step, after a question where it submits or cancels; whether it was taken. */
  async take(step: WorkflowStep, scripts: WorkflowExtension = {}): Promise<boolean> {
    if (this.busy.value || !(await this.isSure(step))) return false;
    this.busy.value = step.action;
    this.form.clearErrors();
    try {
      if (scripts.beforeStep && !(await scripts.beforeStep(step.action))) return false;
      await this.form.desk.api.post('frappe.model.workflow.apply_workflow', { doc: this.form.model.payload(), action: step.action });
      await this.form.reload();
      await scripts.afterStep?.(step.action);
      return true;
    } catch (error) {
      this.form.showError(error);
      return false;
    } finally {
      this.busy.value = '';
    }
  }

  private async isSure({ action, nextState, docstatus }: WorkflowStep): Promise<boolean> {
    if (docstatus === Number(this.form.doc.docstatus ?? 0)) return true;
    const message = docstatus === 2 ? __('What it has caused is reversed. This cannot be undone.') : __('It takes effect and can afterwards only be cancelled, not changed.');
    return this.form.desk.overlay.confirm({ title: __('{0}: {1}?', [__(action), this.form.doc.name]), message: `${__('New state: {0}.', [__(nextState)])} ${message}`, action: __(action), cancel: __('Back', null, 'Desk'), danger: docstatus === 2 });
  }
}
