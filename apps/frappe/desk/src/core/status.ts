/**
 * The state of a document as a coloured word.
 * Invariant: the word is always whole; the colour never carries meaning alone.
 */
import { __ } from './i18n';
import type { Doc } from './document/types';
import type { Meta } from './meta/meta';

export type Tone = 'gray' | 'blue' | 'green' | 'orange' | 'red' | 'purple';

export interface Indicator { label: string; tone: Tone; /** Field and value that the word stands for, for filtering. */ filter?: [string, unknown] }

const NAMED: Readonly<Record<string, Tone>> = {
  gray: 'gray', grey: 'gray', darkgrey: 'gray', lightgray: 'gray', blue: 'blue', 'light-blue': 'blue', cyan: 'blue',
  green: 'green', lightgreen: 'green', orange: 'orange', yellow: 'orange', amber: 'orange', red: 'red', pink: 'red',
  purple: 'purple', violet: 'purple',
};

/** A tone for any colour name that scripts and DocType states use. */
export function toneOf(colour: string | undefined | null): Tone {
  return NAMED[String(colour ?? '').toLowerCase()] ?? 'gray';
}

const WORDS: readonly [RegExp, Tone][] = [
  [/\b(not|un)[ -]?(paid|matched|mapped|billed|delivered|received|shipped|saved)\b/i, 'orange'],
  [/\b(cancel(led)?|rejected|failed|error|overdue|expired|lost|blocked|invalid|stopped|shortage|unreconciled)\b/i, 'red'],
  [/\b(draft|disabled|inactive|closed|archived|discontinued|void)\b/i, 'gray'],
  [/\b(to |pending|waiting|partly|partial|partially|hold|on hold|review|unpaid|clearance|queued|open|new)\b/i, 'orange'],
  [/\b(completed?|done|paid|delivered|received|shipped|approved|active|enabled|success|settled|matched|in stock|reconciled|posted)\b/i, 'green'],
  [/\b(return(ed)?|refund(ed)?)\b/i, 'purple'],
];

/** A tone guessed from a status word; blue when it says nothing known. */
export function guessTone(word: string): Tone {
  return WORDS.find(([pattern]) => pattern.test(word))?.[1] ?? 'blue';
}

export interface IndicatorSettings {
  get_indicator?: (doc: Doc) => [string, string, string?] | undefined;
  has_indicator_for_draft?: unknown;
  has_indicator_for_cancelled?: unknown;
}

/** The indicator of a document; `null` when the DocType has no notion of state. */
export function indicatorOf(doc: Doc, meta: Meta, settings: IndicatorSettings = {}): Indicator | null {
  const docstatus = Number(doc.docstatus ?? 0);
  if (doc.__unsaved) return { label: __('Not Saved'), tone: 'orange' };
  if (docstatus === 2 && !settings.has_indicator_for_cancelled) return { label: __('Cancelled'), tone: 'red', filter: ['docstatus', 2] };
  if (docstatus === 0 && isMereDraft(doc, meta, settings)) return { label: __('Draft'), tone: 'gray', filter: ['docstatus', 0] };
  return scripted(doc, settings) ?? byField(doc, meta) ?? byDocstatus(docstatus, meta);
}

/** Whether a document that is not submitted says no more than that: neither a script nor a workflow has a word of its own. */
function isMereDraft(doc: Doc, meta: Meta, settings: IndicatorSettings): boolean {
  const isNamed = settings.has_indicator_for_draft || doc[meta.workflow?.field ?? 'workflow_state'] || hasStateOfDraft(doc, meta);
  return meta.isSubmittable && !isNamed;
}

/** Whether a draft is in a state of its own: one that its DocType declares beside "Draft" (counting, to inspect). */
function hasStateOfDraft(doc: Doc, meta: Meta): boolean {
  const value = meta.statusField ? doc[meta.statusField] : null;
  return value !== 'Draft' && Boolean(meta.data.states?.some((state) => state.title === value));
}

function scripted(doc: Doc, { get_indicator: ask }: IndicatorSettings): Indicator | null {
  const [label, colour, condition] = ask?.(doc) ?? [];
  if (!label) return null;
  const [fieldname, operator, value] = String(condition ?? '').split('|')[0]?.split(',') ?? [];
  const filter: [string, unknown] | undefined = fieldname && operator === '=' ? [fieldname, value] : undefined;
  return { label, tone: toneOf(colour), ...(filter ? { filter } : {}) };
}

function byField(doc: Doc, meta: Meta): Indicator | null {
  const field = meta.statusField;
  const value = field ? doc[field] : null;
  if (field && typeof value === 'string' && value) {
    const declared = meta.data.states?.find((state) => state.title === value)?.color;
    const byWorkflow = field === meta.workflow?.field ? meta.workflow.tone(value) : null;
    return { label: __(value, null, meta.name), tone: byWorkflow ?? (declared ? toneOf(declared) : guessTone(value)), filter: [field, value] };
  }
  if (meta.has('enabled')) return flagIndicator('enabled', Boolean(doc.enabled));
  if (meta.has('disabled')) return flagIndicator('disabled', !doc.disabled);
  return null;
}

function flagIndicator(field: string, isOn: boolean): Indicator {
  const filter: [string, unknown] = [field, field === 'enabled' ? Number(isOn) : Number(!isOn)];
  return isOn ? { label: __('Enabled'), tone: 'green', filter } : { label: __('Disabled'), tone: 'gray', filter };
}

function byDocstatus(docstatus: number, meta: Meta): Indicator | null {
  if (!meta.isSubmittable) return null;
  if (docstatus === 1) return { label: __('Submitted'), tone: 'blue', filter: ['docstatus', 1] };
  return docstatus === 2 ? { label: __('Cancelled'), tone: 'red', filter: ['docstatus', 2] } : { label: __('Draft'), tone: 'gray', filter: ['docstatus', 0] };
}
