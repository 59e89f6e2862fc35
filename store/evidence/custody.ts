import { hash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { EvidenceError } from './errors';
import { objectOf } from './raw-line';

/** What was done with a pack, by whom. */
export interface CustodyEntry {
  readonly action: 'created' | 'verified' | 'failed' | 'noted' | 'stamped' | 'encrypted';
  /** Epoch ms UTC, by the clock of the machine it was done on. */
  readonly at: number;
  readonly by: string;
  readonly host: string;
  /** SHA-256 of the pack as it was then, hex. */
  readonly pack: string;
  readonly text: string;
}

/** A log as read back. `broken` is the number (from 1) of the first line that does not follow on the one before it. */
export interface CustodyLog {
  readonly entries: readonly CustodyEntry[];
  readonly broken: number | undefined;
}

const FIRST = '0'.repeat(64);
const ACTIONS: ReadonlySet<string> = new Set(['created', 'verified', 'failed', 'noted', 'stamped', 'encrypted']);
const TEXTS = ['by', 'host', 'pack', 'text'] as const;

/**
 * Path of the log beside a pack. It is no part of the pack, whose bytes do not change: one line of JSON an entry, each with
 * the SHA-256 of the line before it. It is not signed: who can write it can write it anew as a whole.
 */
export function custodyFile(pack: string): string {
  return `${pack}.custody.ndjson`;
}

/** Reads a log; an absent one is empty. */
export function readCustody(path: string): CustodyLog {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  const entries: CustodyEntry[] = [];
  let previous = FIRST;
  for (const [index, line] of lines.entries()) {
    const value = objectOf(line);
    if (value === undefined || !isEntry(value) || value['previous'] !== previous) {
      return { entries, broken: index + 1 };
    }
    entries.push(value);
    previous = hash('sha256', line, 'hex');
  }
  return { entries, broken: undefined };
}

/** Adds an entry. Throws `EvidenceError` for a log that is broken: nothing may follow on it. */
export function addCustody(path: string, entry: CustodyEntry): void {
  const { broken } = readCustody(path);
  if (broken !== undefined) {
    throw new EvidenceError('evidence_custody', `${path}: line ${broken} does not follow on the one before it`);
  }
  const last = existsSync(path) ? readFileSync(path, 'utf8').split('\n').at(-2) : undefined;
  const previous = last === undefined ? FIRST : hash('sha256', last, 'hex');
  appendFileSync(path, `${JSON.stringify({ ...entry, previous })}\n`, { mode: 0o640 });
}

function isEntry(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & CustodyEntry {
  const { action, at } = value;
  if (!ACTIONS.has(String(action)) || !Number.isSafeInteger(at)) return false;
  return TEXTS.every((name) => typeof value[name] === 'string');
}
