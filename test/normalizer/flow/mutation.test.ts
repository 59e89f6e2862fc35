import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredRecord } from '../../../collectors/contract';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { Collected, datagram } from './support';
import { GOLDEN } from '../../golden/flow/datagrams.data';

const CORPUS = join(__dirname, '../../../../shared/data/flow');
const VALUES = [0, 1, 3, 4, 0x8000, 0xffff];

/** Replaces every 16-bit word in turn (which is every length and count) by the values that break readers. */
function* mutations(bytes: Buffer, most: number): Generator<Buffer> {
  for (let at = 0; at + 2 <= Math.min(bytes.length, most); at++) {
    for (const value of VALUES) {
      const mutant = Buffer.from(bytes);
      mutant.writeUInt16BE(value, at);
      yield mutant;
    }
  }
  for (let length = 0; length < Math.min(bytes.length, most); length++) yield bytes.subarray(0, length);
}

/** One normalizer takes them all, as an attacked one would. */
function attack(seeds: readonly Buffer[], most: number): { mutants: number; replays: number; slowest: number } {
  const limits = { streams: 64, templates: 4096, pending: 1000, pendingPerStream: 500 };
  const normalizer = new FlowNormalizer({ limits });
  const sink = new Collected(10_000);
  const journal = new Map<number, StoredRecord>();
  let mutants = 0;
  let replays = 0;
  let slowest = 0;
  for (const seed of seeds) {
    for (const mutant of mutations(seed, most)) {
      const record = datagram(mutant);
      journal.set(record.seq, record);
      slowest = Math.max(
        slowest,
        costOf(() => normalizer.normalize(record, sink)),
      );
      for (const seq of normalizer.takeReplays()) {
        const again = journal.get(seq);
        if (again === undefined) continue;
        sink.flows.clear();
        slowest = Math.max(
          slowest,
          costOf(() => normalizer.replay(again, sink)),
        );
        replays++;
      }
      // A plain comparison: the matcher costs more than the datagram.
      if (sink.flows.length > 65_536 || normalizer.pendingSets > 1000) {
        throw new Error(`out of bounds: ${mutant.toString('hex')}`);
      }
      sink.flows.clear();
      sink.facts.length = 0;
      mutants++;
    }
  }
  return { mutants, replays, slowest };
}

/** CPU milliseconds. */
function costOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('every length and count field broken', () => {
  it('in the golden datagrams', () => {
    const seeds = GOLDEN.flatMap(({ datagrams }) =>
      datagrams.map((hex) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')),
    );
    const { mutants, slowest } = attack(seeds, 400);
    expect(mutants).toBeGreaterThan(1000);
    // Garbage collection and the compiler are in this, hence not the millisecond that a datagram takes.
    expect(slowest).toBeLessThan(200);
  });

  (existsSync(CORPUS) ? it : it.skip)('in the heads of the sample corpus', () => {
    const seeds = readdirSync(CORPUS).map((file) => readFileSync(join(CORPUS, file)));
    const { mutants, replays, slowest } = attack(seeds, 120);
    expect(mutants).toBeGreaterThan(30_000);
    expect(replays).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(200);
  });
});
