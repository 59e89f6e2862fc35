/**
 * One row of a command's answer, whatever format it came in: values by field name without blanks, marks and case, so that
 * `Local Address` (table), `LocalAddress` (csv, json, xml) and `Local_Address` are one field.
 */
export type Row = ReadonlyMap<string, string>;

/** Rows of an answer, and why it is not whole. */
export interface Rows {
  readonly rows: readonly Row[];
  /** The answer is damaged or ends early: what was read before that. */
  readonly damage?: RowsDamage;
}

export interface RowsDamage {
  readonly reason: 'esxi_csv_cut' | 'esxi_json_damaged' | 'esxi_xml_damaged' | 'esxi_too_many_rows';
  /** Characters from the beginning of the answer. */
  readonly offset: number;
}

/** Rows of one answer that are read. A large host has some thousand sockets. */
export const MAX_ROWS = 65_536;
/** Fields of one row. */
export const MAX_FIELDS = 256;

/** `localaddress` of `Local Address`. */
export function fieldKey(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  let key = '';
  for (const character of name.toLowerCase()) {
    if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) key += character;
  }
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

const MAX_KEYS = 4096;
/** Answers have the same few names every time. */
const keys = new Map<string, string>();

/** A value that says something: `undefined` for empty ones, `-` and `N/A`. */
export function said(row: Row, key: string): string | undefined {
  const value = row.get(key)?.trim();
  if (value === undefined || NOTHING.has(value)) return undefined;
  // A list in csv ends with a comma too.
  return value.endsWith(',') ? value.slice(0, -1) : value;
}

const NOTHING: ReadonlySet<string> = new Set(['', '-', ',', 'N/A', '<none>']);

export function numberIn(row: Row, key: string): number | undefined {
  const text = said(row, key);
  if (text === undefined || text.length > 15) return undefined;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return undefined;
  return Number(text);
}

/** `true`, `1`, `yes`, `enabled` → 1; `false`, `0`, `no`, `disabled` → 0; undefined for anything else. */
export function flagIn(row: Row, key: string): 0 | 1 | undefined {
  return FLAGS.get(said(row, key)?.toLowerCase() ?? '');
}

const FLAGS: ReadonlyMap<string, 0 | 1> = new Map([
  ['true', 1],
  ['1', 1],
  ['yes', 1],
  ['enabled', 1],
  ['false', 0],
  ['0', 0],
  ['no', 0],
  ['disabled', 0],
]);
