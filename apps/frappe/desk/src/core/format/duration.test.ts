import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration';

describe('durations', () => {
  it('are shown in days, hours, minutes, seconds', () => {
    expect(formatDuration(93_784)).toBe('1d 2h 3m 4s');
    expect(formatDuration(93_784, { hideDays: true, hideSeconds: true })).toBe('26h 3m');
    expect(formatDuration(0)).toBe('');
    expect(formatDuration(-90)).toBe('-1m 30s');
  });

  it.each([['1d 2h 3m 4s', 93_784], ['2h30m', 9000], ['2小时30分', 9000], ['1天', 86_400], ['1:30', 5400], ['1:30:15', 5415], ['90', 90], ['-5m', -300], ['1.5h', 5400]])('are read from %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'abc', '2x', '1h and 3m'])('are not read from "%s"', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('come back the same', () => {
    for (const seconds of [1, 59, 60, 3600, 86_399, 86_400, 1_000_000]) expect(parseDuration(formatDuration(seconds))).toBe(seconds);
  });
});
