/** One thing of an esxcli answer: display names and values in the order of the table. */
export interface EsxcliRow {
  /** First line of its block where the answer is written as blocks. */
  readonly title?: string;
  readonly fields: readonly (readonly [name: string, value: string | number | boolean | readonly string[]])[];
}

export interface EsxcliAnswer {
  /** Type that the XML form names. */
  readonly type: string;
  readonly layout: 'columns' | 'blocks' | 'single';
  readonly rows: readonly EsxcliRow[];
}

export type EsxcliFormat = 'table' | 'csv' | 'json' | 'xml' | 'keyvalue';

type Value = EsxcliRow['fields'][number][1];

/** As `esxcli` writes it (esxi.md section 1.4): csv ends each row with a comma, keys are without spaces and sorted. */
export function formatAnswer(answer: EsxcliAnswer, format: EsxcliFormat): string {
  switch (format) {
    case 'csv':
      return csv(answer);
    case 'json':
      return json(answer);
    case 'xml':
      return xml(answer);
    case 'keyvalue':
      return keyValue(answer);
    case 'table':
      return answer.layout === 'columns' ? columns(answer) : blocks(answer);
  }
}

const text = (value: Value): string => (Array.isArray(value) ? value.join(', ') : String(value));
const key = (name: string): string => name.replaceAll(' ', '');

function sorted({ fields }: EsxcliRow): (readonly [string, Value])[] {
  return fields.map(([name, value]) => [key(name), value] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

function csv({ rows }: EsxcliAnswer): string {
  const [first] = rows;
  if (first === undefined) return '';
  const quote = (value: string): string => (/[",\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const line = (values: readonly string[]): string => `${values.map((one) => `${quote(one)},`).join('')}\n`;
  const lists = (value: Value): string =>
    Array.isArray(value) ? value.map((one) => `${one},`).join('') : String(value);
  return [
    line(sorted(first).map(([name]) => name)),
    ...rows.map((row) => line(sorted(row).map(([, value]) => lists(value)))),
  ].join('');
}

function json({ rows, layout }: EsxcliAnswer): string {
  const objects = rows.map((row) => Object.fromEntries(sorted(row)));
  return `${JSON.stringify(layout === 'single' ? objects[0] : objects, undefined, 2)}\n`;
}

function xml({ rows, type, layout }: EsxcliAnswer): string {
  const escape = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const element = (value: Value): string => {
    if (Array.isArray(value))
      return `<list type="string">${value.map((one) => `<string>${escape(one)}</string>`).join('')}</list>`;
    const kind = typeof value === 'number' ? 'integer' : typeof value;
    return `<${kind}>${escape(text(value))}</${kind}>`;
  };
  const structures = rows.map(
    (row) =>
      `<structure typeName="${type}">\n${sorted(row)
        .map(([name, value]) => `<field name="${name}">\n${element(value)}\n</field>\n`)
        .join('')}</structure>\n`,
  );
  const body = layout === 'single' ? structures.join('') : `<list type="structure">\n${structures.join('')}</list>\n`;
  return `<?xml version="1.0" encoding="utf-8"?>\n<output xmlns="http://www.vmware.com/Products/ESX/5.0/esxcli">\n<root>\n${body}</root>\n</output>\n`;
}

function keyValue({ rows, type }: EsxcliAnswer): string {
  return rows
    .flatMap((row, i) => sorted(row).map(([name, value]) => `${type}[${i}].${name}.string=${text(value)}\n`))
    .join('');
}

function columns({ rows }: EsxcliAnswer): string {
  const [first] = rows;
  if (first === undefined) return '';
  const names = first.fields.map(([name]) => name);
  const cells = rows.map(({ fields }) => fields.map(([, value]) => text(value)));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)));
  const numeric = names.map((_, i) => rows.every(({ fields }) => typeof fields[i]![1] === 'number'));
  const line = (values: readonly string[], isHead: boolean): string =>
    values
      .map((value, i) => (numeric[i] === true && !isHead ? value.padStart(widths[i]!) : value.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return `${[line(names, true), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map((row) => line(row, false))].join('\n')}\n`;
}

function blocks({ rows, layout }: EsxcliAnswer): string {
  return rows
    .map(({ title, fields }) => {
      const lines = fields.map(([name, value]) => `   ${name}: ${text(value)}`);
      return layout === 'single' || title === undefined ? `${lines.join('\n')}\n` : `${title}\n${lines.join('\n')}\n`;
    })
    .join(layout === 'single' ? '' : '\n');
}
