import { describe, expect, it } from 'vitest';
import { codeDetector, RepeatGuard } from './scan';

describe('the camera', () => {
  it('is used where the browser reads codes', () => {
    class Detector { detect = (): Promise<{ rawValue: string }[]> => Promise.resolve([]); }
    expect(codeDetector({ BarcodeDetector: Detector })).toBeInstanceOf(Detector);
    expect(codeDetector({})).toBeNull();
  });

  it('sees one code once while it is held still', () => {
    const guard = new RepeatGuard();
    expect([guard.isNew('A', 0), guard.isNew('A', 300), guard.isNew('B', 600), guard.isNew('A', 900), guard.isNew('A', 9000)]).toEqual([true, false, true, true, true]);
  });
});
