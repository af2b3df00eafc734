/** The value of a MultiSelect field is text: choices separated by commas (Chinese ones too). */
export function splitValues(value: unknown): string[] {
  const parts = String(value ?? '').split(/[,，]/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}
