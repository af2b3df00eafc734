import { describe, expect, it, vi } from 'vitest';
import { buttonsOf, filterDefaults, type ScriptNode } from './treeSettings';

const node = (expandable: boolean): ScriptNode => ({ label: 'A', title: 'A', expandable, is_root: false, data: {} });

describe('the script of a tree', () => {
  it('gives the arguments that its filters begin with', () => {
    expect(filterDefaults({ filters: [{ fieldname: 'company', default: 'QH' }, { fieldname: 'empty', default: '' }, { fieldname: 'none' }] })).toEqual({ company: 'QH' });
  });

  it('puts its buttons where their conditions hold; one that fails takes only its button away', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const click = (): void => undefined;
    const settings = { toolbar: [{ label: 'Ledger', condition: ({ expandable }: ScriptNode) => !expandable, click }, { label: 'Broken', condition: () => { throw new Error('x'); }, click }, { label: 'Always', click }] };
    expect(buttonsOf(settings, node(false)).map(({ label }) => label)).toEqual(['Ledger', 'Always']);
    expect(buttonsOf(settings, node(true)).map(({ label }) => label)).toEqual(['Always']);
  });
});
