/**
 * The field types by name, as far as they are registered. Apart from the types themselves, so that what draws fields (a form, a
 * grid) and what a field draws (a table its grid) don't import each other.
 * Invariant: an unknown type is edited as Data.
 */
import type { DocField } from '@/core/meta/types';
import type { FieldDefinition } from './types';

const byType = new Map<string, FieldDefinition>();

/** Makes field types known. */
export function registerFields(definitions: readonly FieldDefinition[]): void {
  for (const definition of definitions) byType.set(definition.type, definition);
}

/** The definition of a field. */
export function definitionOf(field: DocField): FieldDefinition {
  const definition = byType.get(field.fieldtype) ?? byType.get('Data');
  if (!definition) throw new Error('No field types are registered');
  return definition;
}

/** Names of the types that have a definition. */
export function definedTypes(): string[] {
  return [...byType.keys()];
}
