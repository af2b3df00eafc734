/** What the conditions of cards and charts may ask that changes from day to day and from user to user. */
import { addDays, addMonths } from '@/core/format/date';
import { today } from '@/core/format/context';
import type { DeskServices } from '../services';

/** The names that such a condition may use, in upstream's spelling. */
export function dynamicNames(desk: DeskServices): Record<string, unknown> {
  const { user, sysdefaults } = desk.boot;
  const ofDefaults = (key: unknown): unknown => user.defaults[String(key).toLowerCase().replace(/ /g, '_')] ?? sysdefaults[String(key)] ?? '';
  const now = today(desk.format);
  return {
    frappe: {
      session: { user: user.name },
      defaults: { get_user_default: ofDefaults, get_default: ofDefaults, get_global_default: ofDefaults },
      datetime: {
        nowdate: () => now, get_today: () => now, now_date: () => now, now_datetime: () => desk.format.now(),
        add_days: (date: unknown, days: unknown) => addDays(String(date), Number(days)),
        add_months: (date: unknown, months: unknown) => addMonths(String(date), Number(months)),
        month_start: () => `${now.slice(0, 7)}-01`,
      },
    },
  };
}
