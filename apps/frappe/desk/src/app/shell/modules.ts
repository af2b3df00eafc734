/** The modules and their DocTypes as the sidebar and the home page show them. Invariant: pure; only what the user may read is in the boot. */
import type { Boot, BootDocType } from '@/core/boot';
import { __, locale } from '@/core/i18n';

export interface ModuleGroup { name: string; label: string; isSystem: boolean; doctypes: BootDocType[] }

/** Modules in the boot's order, the framework's own last; settings (singles) at the end of each. */
export function moduleGroups(boot: Boot): ModuleGroup[] {
  const order = new Intl.Collator(locale());
  const groups = boot.modules.map((module): ModuleGroup => ({
    name: module.name,
    label: __(module.label || module.name),
    isSystem: module.app === 'frappe',
    doctypes: boot.doctypes
      .filter((doctype) => doctype.module === module.name && !doctype.istable && !doctype.hide_in_sidebar)
      .sort((left, right) => Number(left.issingle ?? 0) - Number(right.issingle ?? 0) || order.compare(__(left.name), __(right.name))),
  }));
  return groups.filter((group) => group.doctypes.length > 0).sort((left, right) => Number(left.isSystem) - Number(right.isSystem));
}
