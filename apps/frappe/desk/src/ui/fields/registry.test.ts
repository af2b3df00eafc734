import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEHAVIOURS } from '@/core/fields/registry';
import type { DocField } from '@/core/meta/types';
import '.';
import { definedTypes, definitionOf } from './definitions';

const LAYOUT = ['Section Break', 'Column Break', 'Tab Break'];

describe('the field types', () => {
  it('are all defined, but for layout', () => {
    expect(Object.keys(BEHAVIOURS).filter((type) => !LAYOUT.includes(type) && !definedTypes().includes(type))).toEqual([]);
  });

  it.each(definedTypes())('%s has a folder with definition, editor, reader and test', (type) => {
    const folder = type.toLowerCase().replace(/ /g, '-');
    const files = ['index.ts', 'Edit.vue', 'Show.vue', `${folder}.test.ts`];
    expect(files.filter((file) => !existsSync(`src/ui/fields/${folder}/${file}`))).toEqual([]);
  });

  it('that are unknown are edited as Data', () => {
    expect(definitionOf({ fieldname: 'x', fieldtype: 'Moonshine' } as unknown as DocField).type).toBe('Data');
  });
});
