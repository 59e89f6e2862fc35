/**
 * The `code` of an error of Node or SQLite, '' when it has none. Looks at the value alone: an error may come from another
 * realm, where `instanceof Error` fails.
 */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
