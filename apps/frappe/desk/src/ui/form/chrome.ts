/**
 * What stands around the fields of a form and can be changed by scripts: buttons, menu entries, notices.
 * Invariant: plain reactive data; the header draws it, scripts write it.
 */
import { reactive } from 'vue';
import type { Doc } from '@/core/document/types';
import type { Tone } from '@/core/status';

export interface ChromeButton {
  label: string;
  group: string | null;
  tone: 'plain' | 'primary' | 'danger';
  run(): void;
}

export interface Notice { text: string; tone: Tone }

export interface FormChrome {
  buttons: ChromeButton[];
  menu: ChromeButton[];
  /** Group of buttons that is shown as the primary one. */
  primaryGroup: string | null;
  /** A script's own primary action instead of Save. */
  primary: { label: string; run(): void } | null;
  secondary: { label: string; run(): void } | null;
  indicator: { label: string; tone: Tone } | null;
  title: string | null;
  intro: Notice[];
  headline: Notice | null;
  indicators: { label: string; tone: Tone }[];
  progress: { title: string; percent: number; message: string }[];
}

/** An empty chrome. */
export function createChrome(): FormChrome {
  return reactive<FormChrome>({
    buttons: [], menu: [], primaryGroup: null, primary: null, secondary: null, indicator: null, title: null, intro: [], headline: null,
    indicators: [], progress: [],
  });
}

/** Takes away what scripts add on every refresh, before they add it again. */
export function resetChrome(chrome: FormChrome): void {
  Object.assign(chrome, { buttons: [], menu: [], primaryGroup: null, primary: null, secondary: null, indicator: null, intro: [], headline: null, indicators: [], progress: [] });
}

/** What a script tells about the line that is being worked on: a heading with facts below it. */
export interface LineFacts { title: string; facts: { label: string; value: string; tone?: Tone; href?: string }[] }

export interface GridOptions {
  /** A script's answer to "what belongs to this line?". */
  lineInfo: ((row: Doc) => Promise<LineFacts[]> | LineFacts[]) | null;
  /** The line the cursor is in. */
  current: string | null;
  cannotAdd: boolean;
  cannotDelete: boolean;
  /** Names of the rows that are ticked. */
  selected: Set<string>;
  buttons: ChromeButton[];
}

/** A grid nobody has changed yet. */
export function createGridOptions(): GridOptions {
  return { lineInfo: null, current: null, cannotAdd: false, cannotDelete: false, selected: new Set(), buttons: [] };
}
