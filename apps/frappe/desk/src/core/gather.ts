/**
 * Makes one call of many: what comes in a short time is done once, when it has been quiet for a moment, yet never later
 * than `longestMs` after the first; a steady stream delays nothing for ever.
 * Invariant: after `cancel` nothing is called until something comes again.
 */
export interface Gathered { (): void; cancel: () => void }

export function gather(run: () => void, quietMs: number, longestMs: number): Gathered {
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let latest: ReturnType<typeof setTimeout> | undefined;
  const cancel = (): void => {
    clearTimeout(quiet);
    clearTimeout(latest);
    quiet = latest = undefined;
  };
  const act = (): void => {
    cancel();
    run();
  };
  const gathered = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(act, quietMs);
    latest ??= setTimeout(act, longestMs);
  };
  return Object.assign(gathered, { cancel });
}
