/** The modules and their DocTypes as the sidebar and the home page show them. Invariant: pure; only what the user may read is in the boot. */
import type { Boot, BootDocType } from '@/core/boot';
import { __, locale } from '@/core/i18n';

export interface ModuleGroup { name: string; label: string; isSystem: boolean; doctypes: BootDocType[]; /** The page of the module, when it has one. */ workspace: string | null }

/** The workspace that stands for a module: the one with its name, else the first of it. */
function workspaceOf(boot: Boot, module: string): string | null {
  const own = boot.workspaces.filter((page) => page.module === module && !page.for_user);
  return (own.find((page) => page.title === module || page.name === module) ?? own.find((page) => page.name !== homeWorkspace(boot)))?.name ?? null;
}

/** The workspace that a day begins with: the first public one, but a private one called Home before it. */
export function homeWorkspace(boot: Boot): string | null {
  const ordered = [...boot.workspaces].sort((left, right) => Number(left.sequence_id ?? 0) - Number(right.sequence_id ?? 0));
  return (ordered.find((page) => page.for_user && page.title === 'Home') ?? ordered.find((page) => page.public && page.type !== 'URL'))?.name ?? null;
}

/** The place an admin gave a module's page; a module without one comes after those that have one. */
function sequenceOf(boot: Boot, workspace: string | null): number {
  const page = boot.workspaces.find((item) => item.name === workspace);
  return page ? Number(page.sequence_id ?? 0) : Infinity;
}

/** The group that a module without a page of its own belongs to: the one whose page leads to most of its lists. */
function hostOf(group: ModuleGroup, boot: Boot, groups: readonly ModuleGroup[]): ModuleGroup | undefined {
  const led = (host: ModuleGroup): number => {
    const page = boot.workspaces.find((item) => item.name === host.workspace);
    return group.doctypes.filter((doctype) => page?.doctypes?.includes(doctype.name)).length;
  };
  const hosts = groups.filter((item) => item !== group && item.workspace && !item.isSystem);
  const best = [...hosts].sort((left, right) => led(right) - led(left))[0];
  return best && led(best) * 2 > group.doctypes.length ? best : undefined;
}

/** The lists of a group: as its page names them, the others as the language sorts; settings (singles) at the end. */
function ordered(group: ModuleGroup, boot: Boot): BootDocType[] {
  const order = new Intl.Collator(locale());
  const named = boot.workspaces.find((item) => item.name === group.workspace)?.doctypes ?? [];
  const place = (doctype: BootDocType): number => (named.includes(doctype.name) ? named.indexOf(doctype.name) : named.length);
  return [...group.doctypes].sort((left, right) => Number(left.issingle ?? 0) - Number(right.issingle ?? 0) || place(left) - place(right) || order.compare(__(left.name), __(right.name)));
}

/**
 * Modules in the order of their workspaces, the framework's own last. A module without a page whose lists stand on another
 * one's page is part of that one: people look for their work, not for how the program is cut.
 */
export function moduleGroups(boot: Boot): ModuleGroup[] {
  const groups = boot.modules.map((module): ModuleGroup => ({
    name: module.name,
    label: __(module.label || module.name),
    isSystem: module.app === 'frappe',
    workspace: workspaceOf(boot, module.name),
    doctypes: boot.doctypes.filter((doctype) => doctype.module === module.name && !doctype.istable && !doctype.hide_in_sidebar),
  })).filter((group) => group.doctypes.length > 0);
  for (const group of groups.filter((item) => !item.workspace && !item.isSystem)) {
    const host = hostOf(group, boot, groups);
    if (host) host.doctypes.push(...group.doctypes.splice(0));
  }
  const places = new Map(groups.map((group) => [group.name, sequenceOf(boot, group.workspace)]));
  const byPlace = (left: ModuleGroup, right: ModuleGroup): number => Math.sign((places.get(left.name) ?? 0) - (places.get(right.name) ?? 0)) || 0;
  return groups
    .filter((group) => group.doctypes.length > 0)
    .map((group) => ({ ...group, doctypes: ordered(group, boot) }))
    .sort((left, right) => Number(left.isSystem) - Number(right.isSystem) || byPlace(left, right));
}

/** The group in which a DocType stands. */
export function groupOf(groups: readonly ModuleGroup[], doctype: string): ModuleGroup | undefined {
  return groups.find((group) => group.doctypes.some((item) => item.name === doctype));
}
