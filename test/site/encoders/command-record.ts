/** What a record of one command over SSH says about itself, beside the command's output. */
export interface CommandHeader {
  readonly platform: string;
  /** Name in the table of allowed commands. */
  readonly command: string;
  /** Exact text sent. */
  readonly line: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly clockOffset?: number;
  readonly output: 'csv' | 'text' | 'table';
  readonly version?: string;
}

/** The record as the collector journals it: one JSON object, a line feed, the output verbatim. */
export function commandRecord(header: CommandHeader, body: string): Buffer {
  const whole = { v: 1, kind: 'command', ...header, exit: 0, signal: '', complete: true, reason: '', stderr: '' };
  return Buffer.concat([Buffer.from(`${JSON.stringify(whole)}\n`, 'utf8'), Buffer.from(body, 'utf8')]);
}

/** `esxcli --formatter=csv`: names of fields in alphabetical order, and a comma after the last. */
export function esxcliCsv(fields: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    /[",\n]/u.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return `${[fields, ...rows].map((row) => `${row.map(cell).join(',')},`).join('\n')}\n`;
}
