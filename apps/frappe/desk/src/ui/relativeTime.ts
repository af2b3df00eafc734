/** How long ago something was, in words of the language. */
import { locale } from '@/core/i18n';

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]];

/** `3 hours ago`, from two moments in stored form (`2026-01-31 08:00:00`) of the same time zone. */
export function relativeTime(moment: string, now: string): string {
  const seconds = (Date.parse(`${moment.slice(0, 19).replace(' ', 'T')}Z`) - Date.parse(`${now.slice(0, 19).replace(' ', 'T')}Z`)) / 1000;
  if (Number.isNaN(seconds)) return '';
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? words.format(Math.trunc(seconds / step[1]), step[0]) : words.format(0, 'minute');
}
