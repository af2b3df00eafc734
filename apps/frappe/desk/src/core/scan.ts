/**
 * Codes from the camera, where the browser can read them. A scanner that types needs nothing: it ends its letters with Enter.
 * Invariant: pure; one look at a code is one scan.
 */
export interface CodeDetector { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> }
type DetectorClass = new (options?: { formats?: string[] }) => CodeDetector;

/** The browser's own reader of codes; `null` where there is none. */
export function codeDetector(world: { BarcodeDetector?: DetectorClass } = globalThis as never): CodeDetector | null {
  return world.BarcodeDetector ? new world.BarcodeDetector() : null;
}

/** The same code again within this time is the same look at it. */
export const SAME_CODE_MS = 1500;

/** Tells whether a code seen at a moment is a new scan. */
export class RepeatGuard {
  private code = '';
  private at = -Infinity;

  isNew(code: string, atMs: number): boolean {
    const isRepeat = code === this.code && atMs - this.at < SAME_CODE_MS;
    [this.code, this.at] = [code, atMs];
    return !isRepeat;
  }
}
