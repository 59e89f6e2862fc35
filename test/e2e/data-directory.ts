import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredRecord } from '../../collectors/contract';
import type { DaemonStatus } from '../../cli/telemetry/daemon-status';
import { FactsDirectory } from '../../store/facts/facts-directory';
import type { FactRow, FactTable } from '../../store/facts/facts-reader';
import { JournalReader } from '../../store/journal/journal-reader';
import { ascribe, ascribeJson, waitFor } from './ascribe-process';

/** A configuration and a data directory of one test, looked at from outside. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-e2e-'));
  readonly config = join(this.folder, 'ascribe.yaml');
  readonly data = join(this.folder, 'data');

  /** The arguments that every command gets. */
  get arguments(): readonly string[] {
    return ['--config', this.config, '--data', this.data];
  }

  configure(yaml: string): void {
    writeFileSync(this.config, yaml);
  }

  /** Position of the newest durable record. */
  lastSeq(): number {
    return this.#journal((journal) => journal.lastSeq());
  }

  /** What came, without what tells of losses. */
  records(): StoredRecord[] {
    const all = this.#journal((journal) => journal.read(1, Number.MAX_SAFE_INTEGER));
    return all.filter(({ origin }) => origin.format !== 'loss');
  }

  /** All rows of a table or view of facts, in order of derivation. */
  facts(table: FactTable): FactRow[] {
    const facts = new FactsDirectory(this.#path('facts'));
    try {
      return facts.names().flatMap((name) => facts.reader(name)?.rowsAfter(table, 0, Number.MAX_SAFE_INTEGER) ?? []);
    } finally {
      facts.close();
    }
  }

  /** Waits until what the journal holds now has its facts. */
  async factsMade(timeout = 60_000): Promise<void> {
    const wanted = this.lastSeq();
    const facts = new FactsDirectory(this.#path('facts'));
    const applied = (): number => {
      const name = facts.names().at(-1);
      const seq = name === undefined ? 0 : (facts.reader(name)?.appliedSeq ?? 0);
      facts.close();
      return seq;
    };
    await waitFor(() => applied() >= wanted, timeout, `facts up to record ${wanted}`);
  }

  /** What the daemon last said of itself. */
  status(): DaemonStatus {
    return JSON.parse(readFileSync(join(this.data, 'status.json'), 'utf8')) as DaemonStatus;
  }

  /** `db verify` finds the journal whole, and `rebuild` gives the same facts in every segment. */
  expectWhole(): void {
    const verified = ascribe(['db', 'verify', ...this.arguments]);
    expect(verified.stdout).toMatch(/^whole: /m);
    expect(verified.status).toBe(0);
    const rebuilt = ascribeJson(['rebuild', ...this.arguments]);
    expect(rebuilt.length).toBeGreaterThan(0);
    expect(rebuilt.filter((segment) => segment['ascribe.rebuild'] !== 'same')).toEqual([]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #journal<T>(read: (journal: JournalReader) => T): T {
    const journal = new JournalReader(this.#path('journal'));
    try {
      return read(journal);
    } finally {
      journal.close();
    }
  }

  #path(what: 'journal' | 'facts'): string {
    this.#paths[what] ??= ascribe(['db', 'path', what, ...this.arguments]).stdout.trim();
    return this.#paths[what];
  }

  readonly #paths: { journal?: string; facts?: string } = {};
}

/** A port of loopback that is free for UDP and TCP now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = createSocket('udp4');
  const isFree = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
  await new Promise((resolve) => server.close(resolve));
  return isFree ? port : freePort();
}
