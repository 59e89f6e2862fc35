import { csvRows } from './csv';
import { jsonRows } from './json';
import { keyValueRows, plainRows } from './plain';
import type { Rows } from './row';
import { xmlRows } from './xml';

/**
 * Rows of esxcli's answer. `output` is what was asked for; what came decides where it plainly is another format (versions
 * that do not know a formatter write tables).
 */
export function rowsOf(text: string, output: string): Rows {
  const start = text.trimStart();
  const first = start[0];
  if (first === '<') return xmlRows(start);
  if (first === '{' || (output === 'json' && first !== undefined && '["0123456789'.includes(first)))
    return jsonRows(start);
  if (output === 'csv' && firstLine(start).includes(',')) return csvRows(start);
  if (output === 'keyvalue' && firstLine(start).includes('=')) return keyValueRows(start);
  return plainRows(text);
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
