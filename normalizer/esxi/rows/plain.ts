import { fieldKey, MAX_FIELDS, MAX_ROWS, type Row, type Rows } from './row';

/**
 * What esxcli writes without a formatter. A table:
 *
 *     Proto  Recv Q  Send Q  Local Address  …
 *     -----  ------  ------  -------------  …
 *     tcp         0       0  127.0.0.1:443  …
 *
 * or one block for each thing, its name before the fields where it has one:
 *
 *     web1
 *        World ID: 2101
 *        Display Name: web1
 */
export function plainRows(text: string): Rows {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const rule = lines.findIndex(isRule);
  return rule > 0 ? tableRows(lines, rule) : blockRows(lines);
}

/** Dashes with blanks between: a table's second line. */
function isRule(line: string): boolean {
  if (!line.includes('--')) return false;
  for (let i = 0; i < line.length; i++) if (line[i] !== '-' && line[i] !== ' ') return false;
  return true;
}

interface Column {
  readonly key: string;
  /** Where its dashes begin and end. */
  readonly from: number;
  readonly to: number;
}

function tableRows(lines: readonly string[], rule: number): Rows {
  const columns = columnsOf(lines[rule - 1] ?? '', lines[rule] ?? '');
  const rows: Row[] = [];
  for (let i = rule + 1; i < lines.length && rows.length < MAX_ROWS; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const row = new Map(columns.map(({ key }) => [key, '']));
    for (const [column, text] of cells(line, columns)) row.set(column.key, text);
    rows.push(row);
  }
  return { rows };
}

function columnsOf(header: string, rule: string): Column[] {
  const columns: { from: number; to: number }[] = [];
  for (let i = 0; i < rule.length; i++) {
    if (rule[i] !== '-') continue;
    const last = columns.at(-1);
    if (rule[i - 1] === '-' && last !== undefined) last.to = i + 1;
    else columns.push({ from: i, to: i + 1 });
  }
  const spans = columns.slice(0, MAX_FIELDS).map((column) => ({ key: '', ...column }));
  const names = new Map([...cells(header, spans)].map(([{ from }, text]) => [from, fieldKey(text)]));
  return spans.map((column) => ({ ...column, key: names.get(column.from) ?? '' }));
}

/**
 * The words of a line by column. Columns lie two blanks apart; a text belongs to the column it lies under most, so that a
 * name of wide characters, which shifts what follows it, does no harm.
 */
function cells(line: string, columns: readonly Column[]): ReadonlyMap<Column, string> {
  const spans = new Map<Column, { from: number; to: number }>();
  for (let at = nextWord(line, 0); at < line.length;) {
    const end = textEnd(line, at);
    const column = columnUnder(columns, at, end);
    const known = column === undefined ? undefined : spans.get(column);
    if (known !== undefined) known.to = end;
    else if (column !== undefined) spans.set(column, { from: at, to: end });
    at = nextWord(line, end);
  }
  return new Map([...spans].map(([column, { from, to }]) => [column, line.slice(from, to)]));
}

function nextWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] === ' ') at++;
  return at;
}

/** End of a text: before two blanks, or the end of the line. */
function textEnd(line: string, from: number): number {
  const gap = line.indexOf('  ', from);
  return gap < 0 ? line.trimEnd().length : gap;
}

function columnUnder(columns: readonly Column[], from: number, to: number): Column | undefined {
  let best: Column | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    // Negative: how far apart they are.
    const shared = Math.min(to, column.to) - Math.max(from, column.from);
    if (shared <= most) continue;
    most = shared;
    best = column;
  }
  return best;
}

function blockRows(lines: readonly string[]): Rows {
  const rows: Row[] = [];
  let row = new Map<string, string>();
  const end = (): void => {
    if (row.size > 0 && rows.length < MAX_ROWS) rows.push(row);
    row = new Map();
  };
  for (const line of lines) {
    const indented = line.startsWith(' ') || line.startsWith('\t');
    const colon = line.indexOf(':');
    const key = colon < 0 ? '' : fieldKey(line.slice(0, colon));
    if (line.trim() === '') end();
    else if (!indented && !isField(line, colon)) {
      // The name of what follows. A name may hold a colon itself: only fields are indented under one.
      end();
      row.set(TITLE, line.trim());
    } else if (key !== '' && row.size < MAX_FIELDS) {
      if (row.has(key)) end();
      row.set(key, line.slice(colon + 1).trim());
    }
  }
  end();
  return { rows: rows.filter((each) => each.size > 1 || !each.has(TITLE)) };
}

/** Key under which a block's name stands. */
export const TITLE = 'title';

/** `Key: value` at the margin, as single answers have it: the words before the colon are few and plain. */
function isField(line: string, colon: number): boolean {
  if (colon <= 0 || colon > 48) return false;
  for (let i = 0; i < colon; i++) {
    const code = line.charCodeAt(i) | 0x20;
    const plain = (code >= 0x61 && code <= 0x7a) || code === 0x20 || (code >= 0x30 && code <= 0x39) || code === 0x2d;
    if (!plain) return false;
  }
  return colon + 1 === line.length || line[colon + 1] === ' ';
}

/**
 * `esxcli --formatter=keyvalue`: `VirtualMachine[0].WorldID.integer=2101`, `VersionGet.Build.string=…`: type, number,
 * field, kind of value.
 */
export function keyValueRows(text: string): Rows {
  const rows: Map<string, string>[] = [];
  const byPath = new Map<string, Map<string, string>>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const parts = line.slice(0, equals).trim().split('.');
    const kind = parts.at(-1) ?? '';
    const named = VALUE_KINDS.has(kind.replace(/\[\d{1,6}\]$/u, '')) ? parts.slice(0, -1) : parts;
    const field = named.at(-1)?.replace(/\[\d{1,6}\]$/u, '');
    const path = named.slice(0, -1).join('.');
    if (field === undefined || field === '' || rows.length >= MAX_ROWS) continue;
    let row = byPath.get(path);
    if (row === undefined) {
      row = new Map();
      byPath.set(path, row);
      rows.push(row);
    }
    const key = fieldKey(field);
    const value = line.slice(equals + 1).trim();
    const before = row.get(key);
    // A list is several lines of one field.
    row.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return { rows };
}

const VALUE_KINDS: ReadonlySet<string> = new Set(['string', 'integer', 'boolean', 'float', 'long', 'short', 'list']);
