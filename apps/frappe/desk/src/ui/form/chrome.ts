/**
 * What stands around the fields of a form and can be changed by scripts: buttons, menu entries, notices.
 * Invariant: plain reactive data; the header draws it, scripts write it.
 */
import { reactive } from 'vue';
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

export interface GridOptions {
  cannotAdd: boolean;
  cannotDelete: boolean;
  /** Names of the rows that are ticked. */
  selected: Set<string>;
  buttons: ChromeButton[];
}

/** A grid nobody has changed yet. */
export function createGridOptions(): GridOptions {
  return { cannotAdd: false, cannotDelete: false, selected: new Set(), buttons: [] };
}
