/**
 * The workflow of a DocType as the desk needs it: the state of a document, who edits it there, who takes it further.
 * Invariant: pure, and only what the server sent (`__workflow_docs`); which steps are open to a user the server alone knows.
 */
import type { Doc } from './document/types';
import type { Tone } from './status';

interface StateRow { state: string; doc_status?: string | number; allow_edit?: string | null }
interface TransitionRow { state: string; action: string; next_state: string; allowed: string }
interface WorkflowDoc { doctype: string; name: string; workflow_state_field?: string; override_status?: number; states?: StateRow[]; transitions?: TransitionRow[]; style?: string | null }

/** A step that is open to the user. */
export interface WorkflowStep { action: string; nextState: string; /** What the document is afterwards: 0 draft, 1 submitted, 2 cancelled. */ docstatus: number; tone: 'plain' | 'primary' | 'danger' }

const STYLES: Readonly<Record<string, Tone>> = { Primary: 'blue', Info: 'blue', Success: 'green', Warning: 'orange', Danger: 'red', Inverse: 'gray' };

export class Workflow {
  private constructor(private readonly rules: WorkflowDoc, private readonly styles: ReadonlyMap<string, string>) {}

  /** The active workflow among the documents that came with a DocType, if there is one. */
  static from(documents: unknown): Workflow | null {
    if (!Array.isArray(documents)) return null;
    const given = documents as WorkflowDoc[];
    const rules = given.find((item) => item.doctype === 'Workflow');
    if (!rules?.workflow_state_field) return null;
    return new Workflow(rules, new Map(given.filter((item) => item.doctype === 'Workflow State').map((item) => [item.name, String(item.style ?? '')])));
  }

  /** The field that holds the state. */
  get field(): string { return this.rules.workflow_state_field!; }

  private get states(): StateRow[] { return this.rules.states ?? []; }
  private get transitions(): TransitionRow[] { return this.rules.transitions ?? []; }

  /** The state of a document; one that has none yet is in the first. */
  stateOf(doc: Doc): string {
    return String(doc[this.field] || this.states[0]?.state || '');
  }

  /** Whether somebody with these roles may change a document in its state. */
  mayEdit(doc: Doc, roles: readonly string[]): boolean {
    const role = this.states.find((row) => row.state === this.stateOf(doc))?.allow_edit;
    return !role || role === 'All' || roles.includes(role);
  }

  /** The colour of a state as its author chose; `null` without a choice. */
  tone(state: string): Tone | null {
    return STYLES[this.styles.get(state) ?? ''] ?? null;
  }

  /** Whether cancelling is a step of the workflow, so that it can't be done beside it. */
  get cancels(): boolean {
    const cancelled = new Set(this.states.filter((row) => Number(row.doc_status) === 2).map((row) => row.state));
    return this.transitions.some((row) => cancelled.has(row.next_state));
  }

  /** The roles that can take a document further from its state. */
  waitsFor(doc: Doc): string[] {
    const state = this.stateOf(doc);
    return [...new Set(this.transitions.filter((row) => row.state === state).map((row) => row.allowed))];
  }

  /** The steps that the server says are open, completed by where they lead. */
  steps(open: readonly { action: string; next_state: string }[]): WorkflowStep[] {
    return open.map(({ action, next_state: nextState }) => {
      const docstatus = Number(this.states.find((row) => row.state === nextState)?.doc_status ?? 0);
      return { action, nextState, docstatus, tone: this.buttonTone(nextState, docstatus) };
    });
  }

  private buttonTone(state: string, docstatus: number): WorkflowStep['tone'] {
    const tone = this.tone(state);
    if (docstatus === 2 || tone === 'red') return 'danger';
    return docstatus === 1 || tone === 'green' || tone === 'blue' ? 'primary' : 'plain';
  }
}
