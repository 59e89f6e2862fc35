import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestVarbind } from './snmp-world';

const FOLDER = join(__dirname, '../../../../shared/data/snmp');

/** One line of a recorded agent: OID, tag, and the value as raw bytes or number. */
export interface RecordedLine {
  readonly oid: string;
  readonly tag: number;
  readonly value: string | number;
}

export function recorded(name: string): string | undefined {
  const path = join(FOLDER, `${name}.snmprec.bz2`);
  return existsSync(path) ? path : undefined;
}

/** Lines `OID|TAG|VALUE` of snmpsim's format: an `x` behind the tag means hexadecimal. */
export function readAgent(path: string): RecordedLine[] {
  const text = execFileSync('bunzip2', ['-c', path], { maxBuffer: 64e6 }).toString('latin1');
  const lines: RecordedLine[] = [];
  for (const line of text.split('\n')) {
    const first = line.indexOf('|');
    const second = line.indexOf('|', first + 1);
    if (line.startsWith('#') || first < 0 || second < 0) continue;
    const type = line.slice(first + 1, second);
    const hex = type.endsWith('x');
    const tag = Number.parseInt(type, 10);
    const raw = line.slice(second + 1);
    lines.push({ oid: line.slice(0, first), tag, value: valueOf(tag, raw, hex) });
  }
  return lines;
}

function valueOf(tag: number, raw: string, hex: boolean): string | number {
  if (tag === 0x04 || tag === 0x44) return hex ? raw : Buffer.from(raw, 'latin1').toString('hex');
  if (tag === 0x40) return hex ? [...Buffer.from(raw, 'hex')].join('.') : raw;
  if (tag === 0x06 || tag === 0x46) return raw;
  return Number(raw);
}

/** The varbinds below any of `roots`, as a walk gives them. */
export function walk(lines: readonly RecordedLine[], ...roots: readonly string[]): TestVarbind[] {
  return lines
    .filter(({ oid }) => roots.some((root) => oid.startsWith(`${root}.`)))
    .map(({ oid, tag, value }) => [oid, tag, value] as const);
}
