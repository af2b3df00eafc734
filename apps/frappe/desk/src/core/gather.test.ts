import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gather } from './gather';

describe('calls that are gathered', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are one after a quiet moment', () => {
    const run = vi.fn();
    const call = gather(run, 500, 3000);
    call();
    vi.advanceTimersByTime(400);
    call();
    vi.advanceTimersByTime(499);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(5000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('do not wait for the end of a steady stream', () => {
    const run = vi.fn();
    const call = gather(run, 500, 3000);
    for (let passed = 0; passed < 9000; passed += 300) {
      call();
      vi.advanceTimersByTime(300);
    }
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  it('are forgotten when nobody waits any more', () => {
    const run = vi.fn();
    const call = gather(run, 500, 3000);
    call();
    call.cancel();
    vi.advanceTimersByTime(5000);
    expect(run).not.toHaveBeenCalled();
  });
});
