import type { SshOutput } from '../ssh-record';

/**
 * The values of one column in the output of an esxcli command, in whatever form it was written: for asking on, such as
 * for each netstack. What the output means is the normalizer's business. Damaged output gives fewer values, never an
 * error. `column` is written without spaces: `WorldID` is also found as `World ID`.
 */
export function columnValues(output: SshOutput, bytes: Uint8Array, column: string): readonly string[] {
  const text = Buffer.from(bytes).toString('utf8');
  switch (output) {
    case 'csv':
      return csvValues(text, column);
    case 'json':
      return jsonValues(text, column);
    case 'xml':
      return xmlValues(text, column);
    case 'keyvalue':
    case 'table':
    case 'text':
      return lineValues(text, column);
  }
}

function csvValues(text: string, column: string): readonly string[] {
  const [head, ...rows] = csvRows(text);
  const at = head?.findIndex((name) => bare(name) === column) ?? -1;
  return at < 0 ? [] : rows.flatMap((row) => (row[at] === undefined || row[at] === '' ? [] : [row[at]]));
}

/** Fields in quotes may hold commas and line feeds; a quote within is doubled (RFC 4180). */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n') {
      rows.push([...row, field.replace(/\r$/u, '')]);
      row = [];
      field = '';
    } else field += char;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  return rows;
}

const DEEPEST = 16;

function jsonValues(text: string, column: string): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    for (const [name, inner] of Object.entries(value)) {
      if (bare(name) === column && (typeof inner === 'string' || typeof inner === 'number')) found.push(String(inner));
      else walk(inner, depth + 1);
    }
  };
  try {
    walk(JSON.parse(text), 0);
  } catch {
    return [];
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function xmlValues(text: string, column: string): readonly string[] {
  const found: string[] = [];
  for (const field of text.split('<field name="').slice(1)) {
    const [, name, value] = /^([^"<>]{1,64})">\s{0,64}<(?:string|integer|boolean)>([^<]{0,4096})</u.exec(field) ?? [];
    if (name === undefined || value === undefined || bare(name) !== column) continue;
    found.push(value.replaceAll(/&(lt|gt|quot|apos|amp);/gu, (_, entity: string) => ENTITIES[entity] ?? ''));
  }
  return found;
}

/** `   World ID: 2101`, as lists of things are written. */
function lineValues(text: string, column: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 0 || bare(line.slice(0, colon)) !== column) return [];
    const value = line.slice(colon + 1).trim();
    return value === '' ? [] : [value];
  });
}

function bare(name: string): string {
  return name.replaceAll(' ', '').trim();
}

/**
 * Ids of `vim-cmd vmsvc/getallvms`: the number at the beginning of lines that name a `.vmx` file. Annotations run over
 * several lines, which may begin with numbers too.
 */
export function vmIds(bytes: Uint8Array): readonly number[] {
  const ids = new Set<number>();
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    const id = /^(\d{1,9}) /u.exec(line)?.[1];
    if (id !== undefined && line.includes('.vmx') && line.includes('[')) ids.add(Number(id));
  }
  return [...ids];
}
