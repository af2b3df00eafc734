/** Formats of the fake site at a fixed moment: 2024-03-15 10:30 in Shanghai, whenever the test runs. */
import { parseBoot } from '@/core/boot';
import { formatContext, type FormatContext } from '@/core/format/context';
import { FakeSite } from './fake/site';

export const NOW = new Date('2024-03-15T02:30:00Z');

export function testFormat(changes: Partial<FormatContext> = {}): FormatContext {
  return { ...formatContext(parseBoot(new FakeSite().boot()), () => NOW), ...changes };
}
