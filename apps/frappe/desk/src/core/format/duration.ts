/** Durations are stored as seconds. Invariant: what `formatDuration` shows, `parseDuration` reads back to the same seconds. */
import { toHalfWidth } from '../text';

export interface DurationOptions { hideDays?: boolean; hideSeconds?: boolean }

/** `93784` → `1d 2h 3m 4s`; with `hideDays` the days are counted as hours. Zero is empty. */
export function formatDuration(seconds: number, { hideDays, hideSeconds }: DurationOptions = {}): string {
  if (!seconds) return '';
  const total = Math.abs(Math.round(seconds));
  const days = hideDays ? 0 : Math.floor(total / 86_400);
  const parts: [number, string][] = [
    [days, 'd'],
    [Math.floor((total - days * 86_400) / 3600), 'h'],
    [Math.floor((total % 3600) / 60), 'm'],
    [hideSeconds ? 0 : total % 60, 's'],
  ];
  const text = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`).join(' ');
  return seconds < 0 ? `-${text}` : text;
}

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400, 天: 86_400, 日: 86_400, h: 3600, 小时: 3600, 时: 3600, m: 60, 分钟: 60, 分: 60, s: 1, 秒: 1,
};

/** Reads `1d 2h 3m 4s`, `2小时30分`, `1:30`, `1:30:00` or plain seconds; `null` when it isn't a duration. */
export function parseDuration(text: string): number | null {
  const plain = toHalfWidth(text).trim().toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const body = plain.replace(/^-/, '');
  if (/^\d+(\.\d+)?$/.test(body)) return sign * Math.round(Number(body));
  const clock = /^(\d+):([0-5]?\d)(?::([0-5]?\d))?$/.exec(body);
  if (clock) return sign * (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0));
  const parts = [...body.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|m|s|天|日|小时|时|分钟|分|秒)/g)];
  const rest = body.replace(/(\d+(?:\.\d+)?)\s*(d|h|m|s|天|日|小时|时|分钟|分|秒)/g, '').trim();
  if (!parts.length || rest) return null;
  return sign * Math.round(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? 's'] ?? 1), 0));
}
