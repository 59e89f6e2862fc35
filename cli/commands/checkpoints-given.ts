import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Checkpoint, readCheckpoints } from '../../store/journal/checkpoint-log';
import { parseCheckpoint } from '../../store/journal/statement';
import { verifyCheckpoint } from '../../store/journal/verify-checkpoint';
import type { VerifyReport } from '../../store/journal/verify-report';
import { CommandError, EXIT } from '../exit-codes';

const HASH = /^[0-9a-f]{64}$/u;
/** As the message of a forwarded checkpoint has it, in whatever format. */
const TOLD_HASH = /journal checkpoint ([0-9a-f]{64})/gu;
const MOST_DEPTH = 8;

/** A checkpoint that was kept elsewhere: its statement, or its hash alone. */
type Given = Checkpoint | string;

/** Adds to a report what holding checkpoints against the journal came to. `given`: hashes, or files with what a receiver kept. */
export function withCheckpoints(
  report: VerifyReport,
  given: readonly string[],
  journal: string,
  publicKey: KeyObject,
  cwd: string,
): VerifyReport {
  const wanted = given.flatMap((text) => (HASH.test(text) ? [text] : fromFile(resolve(cwd, text))));
  const known = new Map(readCheckpoints(journal).map((checkpoint) => [checkpoint.hash, checkpoint]));
  const faults = [...report.faults];
  const notes = [...report.notes];
  for (const one of wanted) {
    const checkpoint = typeof one === 'string' ? known.get(one) : one;
    if (checkpoint === undefined) {
      const hash = typeof one === 'string' ? one : one.hash;
      faults.push({ code: 'checkpoint_differs', text: `checkpoint ${hash}: this journal knows none of this hash` });
      continue;
    }
    const { outcome, text } = verifyCheckpoint(journal, publicKey, checkpoint);
    if (outcome === 'differs') {
      const { name, last_seq } = checkpoint.statement;
      faults.push({ code: 'checkpoint_differs', segment: name, seq: last_seq, text });
    } else notes.push(text);
  }
  return { ...report, ok: faults.length === 0, faults, notes };
}

function fromFile(path: string): Given[] {
  if (!existsSync(path)) throw new CommandError('no_checkpoint', `there is no file ${path}`, EXIT.usage);
  const found = new Map<string, Given>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const checkpoint = parseCheckpoint(line.trim()) ?? inside(parsed(line), 0);
    if (checkpoint !== undefined) found.set(checkpoint.hash, checkpoint);
    else for (const [, hash = ''] of line.matchAll(TOLD_HASH)) if (!found.has(hash)) found.set(hash, hash);
  }
  if (found.size === 0) throw new CommandError('no_checkpoint', `${path} holds no checkpoint`, EXIT.usage);
  return [...found.values()];
}

/** The first statement in any member: receivers nest what they keep as they like. */
function inside(value: unknown, depth: number): Checkpoint | undefined {
  if (typeof value === 'string') return parseCheckpoint(value);
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return undefined;
  for (const member of Object.values(value)) {
    const found = inside(member, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
