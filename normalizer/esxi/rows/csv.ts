import { fieldKey, MAX_ROWS, type Row, type Rows } from './row';

/**
 * `esxcli --formatter=csv`: RFC 4180 with a comma behind the last field of every row, names in the first row. A field in
 * quotes may hold commas and line ends.
 */
export function csvRows(text: string): Rows {
  const rows: Row[] = [];
  let names: readonly string[] | undefined;
  for (let at = 0; at < text.length;) {
    const record = csvRecord(text, at);
    if (names === undefined) names = record.fields.map(fieldKey);
    else if (!isBlank(record.fields)) {
      const width = names.at(-1) === '' ? names.length - 1 : names.length;
      // A row that stops short, or a quote that never closes: the answer was cut there.
      if (record.cut || record.fields.length < width) return { rows, damage: { reason: 'esxi_csv_cut', offset: at } };
      rows.push(rowOf(names, record.fields));
      if (rows.length >= MAX_ROWS) return { rows, damage: { reason: 'esxi_too_many_rows', offset: record.end } };
    }
    at = record.end;
  }
  return { rows };
}

function rowOf(names: readonly string[], fields: readonly string[]): Row {
  const row = new Map<string, string>();
  names.forEach((name, i) => {
    if (name !== '') row.set(name, fields[i] ?? '');
  });
  return row;
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field === '');
}

interface CsvRecord {
  readonly fields: string[];
  /** Place behind its line end. */
  readonly end: number;
  /** It ends inside of quotes. */
  readonly cut: boolean;
}

function csvRecord(text: string, from: number): CsvRecord {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) === 0x22) {
      const quoted = quotedField(text, at + 1);
      fields.push(quoted.value);
      at = quoted.end;
      if (quoted.cut) return { fields, end: text.length, cut: true };
    } else {
      const end = plainEnd(text, at);
      fields.push(text.slice(at, end).trim());
      at = end;
    }
    const code = text.charCodeAt(at);
    if (code !== 0x2c) {
      const line = text.indexOf('\n', at);
      return { fields, end: line < 0 ? text.length : line + 1, cut: false };
    }
    at++;
  }
}

function plainEnd(text: string, from: number): number {
  for (let p = from; p < text.length; p++) {
    const code = text.charCodeAt(p);
    if (code === 0x2c || code === 0x0a) return p;
  }
  return text.length;
}

function quotedField(
  text: string,
  from: number,
): { readonly value: string; readonly end: number; readonly cut: boolean } {
  let value = '';
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: value + text.slice(at), end: text.length, cut: true };
    value += text.slice(at, quote);
    if (text.charCodeAt(quote + 1) !== 0x22) return { value, end: quote + 1, cut: false };
    value += '"';
    at = quote + 2;
  }
}
