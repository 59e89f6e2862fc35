import { closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncDirectory } from './durable-file';
import { codeOf } from './error-code';
import {
  isSeal,
  parseStatement,
  type RetirementStatement,
  type SealStatement,
  type SignedStatement,
} from './statement';

/** Name of the ledger in the journal's directory: one signed statement a line, oldest first, never rewritten. */
export const LEDGER_FILE = 'ledger.ndjson';

/** The ledger's text taken apart. Lines keep their number (from 1) for messages. */
export interface LedgerContent {
  readonly lines: readonly {
    readonly number: number;
    readonly text: string;
    readonly signed: SignedStatement | undefined;
  }[];
  /** Bytes after the last line feed: a write that a crash cut short. */
  readonly tornBytes: number;
}

/** Reads a ledger file; an absent one is empty. Throws only what reading a file throws. */
export function readLedger(path: string): LedgerContent {
  let bytes = Buffer.alloc(0);
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const parts = bytes.toString('latin1', 0, whole).split('\n').slice(0, -1);
  const lines = parts.map((text, index) => ({ number: index + 1, text, signed: parseStatement(text) }));
  return { lines, tornBytes: bytes.length - whole };
}

/** The journal's own hold on its ledger: appends durably and knows what is in it. */
export class Ledger {
  readonly #path: string;
  readonly #seals = new Map<string, SignedStatement<SealStatement>>();
  readonly #retired = new Set<string>();
  #last: SignedStatement<SealStatement> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Reads the ledger and cuts off a line that a crash left unfinished. */
  static open(directory: string): Ledger {
    const ledger = new Ledger(join(directory, LEDGER_FILE));
    const { lines, tornBytes } = readLedger(ledger.#path);
    if (tornBytes > 0) ledger.#cutBack(tornBytes);
    for (const { signed } of lines) if (signed !== undefined) ledger.#take(signed);
    return ledger;
  }

  /** The newest seal. */
  get last(): SignedStatement<SealStatement> | undefined {
    return this.#last;
  }

  sealOf(name: string): SignedStatement<SealStatement> | undefined {
    return this.#seals.get(name);
  }

  isRetired(name: string): boolean {
    return this.#retired.has(name);
  }

  /** Appends one line and waits until it is on disk. When it throws, the file is as before. */
  append(signed: SignedStatement<SealStatement> | SignedStatement<RetirementStatement>): void {
    const handle = openSync(this.#path, 'a', 0o640);
    const before = fstatSync(handle).size;
    try {
      const line = Buffer.from(`${signed.line}\n`, 'utf8');
      for (let done = 0; done < line.length;) done += writeSync(handle, line, done);
      fsyncSync(handle);
    } catch (error) {
      ftruncateSync(handle, before);
      throw error;
    } finally {
      closeSync(handle);
    }
    if (before === 0) syncDirectory(dirname(this.#path));
    this.#take(signed);
  }

  #take(signed: SignedStatement): void {
    if (isSeal(signed)) {
      this.#seals.set(signed.statement.name, signed);
      this.#last = signed;
    } else {
      this.#retired.add(signed.statement.name);
    }
  }

  #cutBack(bytes: number): void {
    const handle = openSync(this.#path, 'r+');
    try {
      ftruncateSync(handle, fstatSync(handle).size - bytes);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}
