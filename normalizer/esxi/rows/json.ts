import { fieldKey, MAX_FIELDS, MAX_ROWS, type Row, type Rows } from './row';

/**
 * `esxcli --formatter=json`: a list of objects, or one object. Names come as `ProductName` and as `Product Name`. A list
 * inside of a field becomes its values with commas between, an object inside of one its fields.
 */
export function jsonRows(text: string): Rows {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { rows: [], damage: { reason: 'esxi_json_damaged', offset: 0 } };
  }
  // Some commands answer one word or number.
  if (typeof value === 'string' || typeof value === 'number') return { rows: [new Map([['value', String(value)]])] };
  const list = Array.isArray(value) ? value : [value];
  const rows = list.filter(isObject).slice(0, MAX_ROWS).map(rowOf);
  return list.length > MAX_ROWS ? { rows, damage: { reason: 'esxi_too_many_rows', offset: text.length } } : { rows };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowOf(object: Readonly<Record<string, unknown>>): Row {
  const row = new Map<string, string>();
  addFields(row, object, 0);
  return row;
}

function addFields(row: Map<string, string>, object: Readonly<Record<string, unknown>>, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (row.size >= MAX_FIELDS) return;
    if (isObject(value) && depth < 2) addFields(row, value, depth + 1);
    else row.set(fieldKey(name), textOf(value));
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return '';
}
