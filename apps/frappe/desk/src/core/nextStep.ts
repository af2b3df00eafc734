/** The one line on a form that says what happens next. Invariant: never empty for a document that can still change. */
import type { Doc, DocInfo } from './document/types';
import { __ } from './i18n';
import type { Meta } from './meta/meta';
import { can, type Rights } from './permissions';
import type { Tone } from './status';
import { toneOf } from './status';
import type { Workflow, WorkflowStep } from './workflow';

export interface NextStep { text: string; tone: Tone }

export interface StepSituation { doc: Doc; meta: Meta; rights: Rights; info?: DocInfo; missing: number; dirty: boolean; flow?: { rules: Workflow; steps: readonly WorkflowStep[] } | null }

/** What the server says of this document, else what its state asks for. */
export function nextStep({ doc, meta, rights, info, missing, dirty, flow }: StepSituation): NextStep | null {
  if (missing > 0) return { text: missing === 1 ? __('1 required field is empty.') : __('{0} required fields are empty.', [missing]), tone: 'orange' };
  if (doc.__islocal) return { text: meta.isNumbered ? __('Not saved yet. Save to give it a number.') : __('Not saved yet.'), tone: 'blue' };
  if (dirty) return { text: __('There are changes that are not saved.'), tone: 'orange' };
  if (info?.next_step?.text) return { text: info.next_step.text, tone: toneOf(info.next_step.indicator ?? 'blue') };
  return (flow && workflowStep(doc, flow)) ?? (meta.isSubmittable ? submittableStep(doc, rights) : null);
}

function workflowStep(doc: Doc, { rules, steps }: { rules: Workflow; steps: readonly WorkflowStep[] }): NextStep | null {
  if (steps.length) return { text: __('Your turn: {0}.', [steps.map(({ action }) => __(action)).join(', ')]), tone: 'blue' };
  const roles = rules.waitsFor(doc);
  return roles.length ? { text: __('Waiting for {0}.', [roles.map((role) => __(role)).join(', ')]), tone: 'gray' } : null;
}

function submittableStep(doc: Doc, rights: Rights): NextStep | null {
  if (Number(doc.docstatus) === 0) {
    return can(rights, 'submit')
      ? { text: __('Draft: it has no effect until it is submitted.'), tone: 'blue' }
      : { text: __('Draft: somebody with the right to submit must submit it.'), tone: 'gray' };
  }
  if (Number(doc.docstatus) === 2) return { text: __('Cancelled: amend it to correct and submit it again.'), tone: 'gray' };
  return null;
}
