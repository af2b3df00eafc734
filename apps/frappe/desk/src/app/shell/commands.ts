/** What the search palette offers without asking the server. Invariant: pure but for running a command. */
import { AppWindow, ChartNoAxesColumn, ChartPie, FilePlus2, History, LayoutDashboard, Languages, List, LogOut, Moon, Rows3, Settings2, Keyboard } from '@lucide/vue';
import type { Component } from 'vue';
import { __ } from '@/core/i18n';
import { RecentVisits } from '@/core/recent';
import { matchScore } from '@/core/text';
import type { DeskServices } from '@/ui/services';
import { logOut, switchLanguage } from './account';

export interface Command { key: string; label: string; detail?: string; group: string; icon?: Component; words?: string[]; run(): void }

/** Every command of this user. */
export function commands(desk: DeskServices, showHelp: () => void): Command[] {
  return [...recent(desk), ...workspaces(desk), ...pages(desk), ...lists(desk), ...creations(desk), ...actions(desk, showHelp)];
}

function recent(desk: DeskServices): Command[] {
  const visits = new RecentVisits(localStorage, `recent:${desk.boot.sitename}/${desk.actor.name}`).list();
  return visits.map((visit) => ({
    key: `recent ${visit.path}`, label: visit.title, detail: __(visit.kind), group: __('Opened last'), icon: History, words: [visit.kind],
    run: () => followPath(desk, visit.path),
  }));
}

function followPath(desk: DeskServices, path: string): void {
  const parts = path.split('/').filter(Boolean).slice(1).map(decodeURIComponent);
  desk.go(desk.routes.parse(parts));
}

function workspaces(desk: DeskServices): Command[] {
  return desk.boot.workspaces.map((page) => ({
    key: `workspace ${page.name}`, label: __(page.title || page.name), group: __('Workspaces'), icon: LayoutDashboard, words: [page.name, page.title ?? ''],
    run: () => desk.go({ kind: 'workspace', workspace: page.name }),
  }));
}

function pages(desk: DeskServices): Command[] {
  return Object.entries(desk.boot.page_info).map(([page, { title }]) => ({
    key: `page ${page}`, label: __(title), group: __('Pages', null, 'Desk'), icon: AppWindow, words: [page, title], run: () => desk.go({ kind: 'page', page, rest: '' }),
  }));
}

/** Reports and dashboards that the user may read; they are asked for when the search opens. */
export async function fetchedCommands(desk: DeskServices): Promise<Command[]> {
  const names = async (doctype: string): Promise<string[]> => {
    if (!desk.boot.user.can_read.includes(doctype)) return [];
    const answer = await desk.api.get<{ name: string }[]>('frappe.client.get_list', { doctype, fields: ['name'], limit_page_length: 500, ...(doctype === 'Report' ? { filters: { disabled: 0 } } : {}) }, { quiet: true });
    return (answer.message ?? []).map(({ name }) => name);
  };
  // Without them the rest is still found.
  const [reports, dashboards] = await Promise.all(['Report', 'Dashboard'].map((doctype) => names(doctype).catch(() => [])));
  return [
    ...reports!.map((report): Command => ({ key: `report ${report}`, label: __(report), group: __('Reports'), icon: ChartNoAxesColumn, words: [report], run: () => desk.go({ kind: 'report', report }) })),
    ...dashboards!.map((dashboard): Command => ({ key: `dashboard ${dashboard}`, label: __(dashboard), group: __('Reports'), icon: ChartPie, words: [dashboard], run: () => desk.go({ kind: 'dashboard', dashboard }) })),
  ];
}

function lists(desk: DeskServices): Command[] {
  return desk.boot.doctypes.filter((doctype) => !doctype.istable).map((doctype) => ({
    key: `list ${doctype.name}`, label: __(doctype.name), detail: __(doctype.module), group: __('Lists and settings'), icon: doctype.issingle ? Settings2 : List, words: [doctype.name],
    run: () => desk.go(doctype.issingle ? { kind: 'single', doctype: doctype.name } : { kind: 'list', doctype: doctype.name, view: 'list' }),
  }));
}

function creations(desk: DeskServices): Command[] {
  const creatable = desk.boot.doctypes.filter((doctype) => !doctype.istable && !doctype.issingle && desk.boot.user.can_create.includes(doctype.name));
  return creatable.map((doctype) => ({
    key: `new ${doctype.name}`, label: __('New {0}', [__(doctype.name)]), group: __('Create', null, 'Desk'), icon: FilePlus2, words: [`new ${doctype.name}`, doctype.name],
    run: () => desk.go({ kind: 'new', doctype: doctype.name }),
  }));
}

function actions(desk: DeskServices, showHelp: () => void): Command[] {
  const group = __('Actions', null, 'Desk');
  const { preferences } = desk;
  const isChinese = desk.boot.lang.startsWith('zh');
  return [
    { key: 'theme', label: __('Switch between light and dark'), group, icon: Moon, words: ['theme', 'dark'], run: () => (preferences.theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark') },
    { key: 'density', label: __('Change the density'), group, icon: Rows3, words: ['density'], run: () => (preferences.density = preferences.density === 'compact' ? 'standard' : preferences.density === 'standard' ? 'roomy' : 'compact') },
    { key: 'language', label: isChinese ? 'English' : '中文', group, icon: Languages, words: ['language', '语言'], run: () => void switchLanguage(desk, isChinese ? 'en' : 'zh') },
    { key: 'help', label: __('Keyboard shortcuts'), group, icon: Keyboard, words: ['help', 'keys'], run: showHelp },
    { key: 'logout', label: __('Log out'), group, icon: LogOut, words: ['logout', 'sign out'], run: () => void logOut(desk) },
  ];
}

/** The commands that answer the typed text, best first within their groups' order; without text only the recent ones. */
export function rank(text: string, all: readonly Command[], limit = 24): Command[] {
  if (!text.trim()) return all.slice(0, 12);
  const scored = all
    .map((command) => ({ command, score: Math.max(...[command.label, ...(command.words ?? [])].map((word) => matchScore(text, word))) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, limit);
  const groups = [...new Set(scored.map(({ command }) => command.group))];
  return groups.flatMap((group) => scored.filter(({ command }) => command.group === group).map(({ command }) => command));
}
