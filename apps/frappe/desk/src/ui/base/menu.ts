/** Entries of a menu. */
import type { Component } from 'vue';

export interface MenuEntry {
  label: string;
  icon?: Component;
  hint?: string;
  /** Shortcut as shown. */
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Draw a rule above. */
  rule?: boolean;
  checked?: boolean;
  run(): void;
}
