/** What formatting depends on besides the value: the site's and the user's settings. Invariant: plain data, made from the boot. */
import type { Boot, Currency } from '../boot';
import { inZone, type Zones } from './date';
import { parseNumberFormat } from './number';

export interface FormatContext {
  numberFormat: string;
  floatPrecision: number;
  currencyPrecision: number;
  rounding: string;
  dateFormat: string;
  timeFormat: string;
  firstWeekday: number;
  currency: string;
  currencies: Readonly<Record<string, Currency>>;
  zones: Zones;
  /** A field of a linked document, when it is known already (`Company:company:default_currency`). */
  linked?(doctype: string, name: string, fieldname: string): unknown;
  /** The present moment, in the site's time zone and stored form. */
  now(): string;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Formatting as the boot says; `clock` tells the time. */
export function formatContext(boot: Boot, clock: () => Date = () => new Date()): FormatContext {
  const system = boot.sysdefaults;
  const zone = system.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    numberFormat: system.number_format,
    floatPrecision: system.float_precision,
    currencyPrecision: system.currency_precision ?? parseNumberFormat(system.number_format).precision,
    rounding: system.rounding_method,
    dateFormat: system.date_format,
    timeFormat: system.time_format,
    firstWeekday: Math.max(0, WEEKDAYS.indexOf(system.first_day_of_the_week)),
    currency: system.currency,
    currencies: boot.currencies,
    zones: { system: zone, user: boot.user.time_zone || zone },
    now: () => inZone(clock(), zone),
  };
}

/** The present day, in the site's time zone and stored form. */
export function today(context: FormatContext): string {
  return context.now().slice(0, 10);
}
