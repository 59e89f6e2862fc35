import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawRecord } from '../../../collectors/contract';
import { Derivation } from '../../../cli/pipeline/derivation';
import { createNormalizer } from '../../../cli/pipeline/normalizers';
import { digestFacts } from '../../../store/facts/digest';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { Journal } from '../../../store/journal/journal';
import { JournalReader } from '../../../store/journal/journal-reader';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { flowTemplates, IpfixEncoder, NetflowV9Encoder } from '../../site/encoders/flow-encoder';
import { SeededRandom } from '../../site/random';
import { flowsOf, makeWorld } from '../../site/flow-world';

const HOUR = 3_600_000;
const EPOCH = Date.UTC(2026, 10, 24, 1, 58);

let directory: string;
let journalDirectory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-derivation-'));
  journalDirectory = join(directory, 'journal');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const netflow = { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '192.0.2.1:4444', format: 'flow' } as const;
const ipfix = { ...netflow, peer: '192.0.2.2:5555' } as const;
const syslog = { collector: 'syslog', source: 'udp://0.0.0.0:5514', peer: '192.0.2.3:514', format: 'syslog' } as const;

/** Flow export of two devices, with data before templates, and syslog between; it crosses an hour. */
const records = (): RawRecord[] => {
  const world = makeWorld(3, 240_000, 4);
  const flows = flowsOf(world, EPOCH, 30_000).sort((a, b) => a.end - b.end);
  const v9 = new NetflowV9Encoder(1, EPOCH - HOUR, flowTemplates('v9'));
  const v10 = new IpfixEncoder(7, flowTemplates('ipfix'));
  const out: RawRecord[] = [];
  const put = (origin: RawRecord['origin'], at: number, bytes: Uint8Array): void =>
    void out.push({ origin, receivedAt: EPOCH + at, bytes });
  for (let at = 0; at < world.duration; at += 2_000) {
    const due = flows.filter(({ end }) => end - EPOCH >= at && end - EPOCH < at + 2_000);
    for (const { bytes } of v9.data(due, EPOCH + at)) put(netflow, at, bytes);
    for (const { bytes } of v10.data(due, EPOCH + at)) put(ipfix, at, bytes);
    // The templates come late: what was sent before them waits.
    if (at % 60_000 === 10_000) put(netflow, at, v9.templates(EPOCH + at));
    if (at % 60_000 === 20_000) put(ipfix, at, v10.templates(EPOCH + at));
    const id = 1000 + (at / 2000) * 3;
    const built = `<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection ${id} for outside:203.0.113.10/443 (203.0.113.10/443) to inside:10.20.1.10/${50_000 + at / 2000} (198.51.100.1/${20_000 + at / 2000})`;
    const torn = `<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-302014: Teardown TCP connection ${id - 30} for outside:203.0.113.10/443 to inside:10.20.1.10/${49_990 + at / 2000} duration 0:00:20 bytes 4321 TCP FINs`;
    put(syslog, at, Buffer.from(built));
    if (at >= 20_000) put(syslog, at, Buffer.from(torn));
    put(syslog, at, Buffer.from([0x3c, 0xff, 0x00]));
  }
  return out;
};

const writeJournal = (all: readonly RawRecord[], rotateAfterMs: number): void => {
  let now = EPOCH;
  const keys = SigningKeys.open(join(directory, 'keys'));
  const journal = Journal.open(journalDirectory, { keys, reserveBytes: 0, rotateAfterMs, now: () => now });
  for (const record of all) {
    now = record.receivedAt;
    journal.append([record]);
  }
  journal.close();
};

interface Derived {
  readonly digests: readonly string[];
  readonly flows: number;
}

/** Derives everything, in steps that `stepSize` chooses; `restart` says after which steps to begin anew. */
const derive = (name: string, stepSize: () => number, restart: () => boolean): Derived => {
  const factsDirectory = join(directory, name);
  const journal = new JournalReader(journalDirectory);
  const open = (): Derivation => {
    const made = new Derivation({
      journal,
      directory: factsDirectory,
      createNormalizer: () => createNormalizer(() => ({})),
    });
    made.open();
    return made;
  };
  let derivation = open();
  let flows = 0;
  for (let steps = 0; derivation.appliedSeq < journal.lastSeq(); steps++) {
    if (steps > 5_000) throw new Error('does not advance');
    flows += derivation.advance(stepSize()).flows;
    if (!restart()) continue;
    derivation.close();
    derivation = open();
  }
  derivation.close();
  journal.close();
  const facts = new FactsDirectory(factsDirectory);
  const digests = facts.names().map((segment) => `${segment} ${digestFacts(facts.path(segment))}`);
  facts.close();
  return { digests, flows };
};

test('the same journal gives the same facts, whatever the batches and restarts', () => {
  writeJournal(records(), 60_000);
  const whole = derive(
    'whole',
    () => 100_000,
    () => false,
  );
  expect(whole.digests.length).toBeGreaterThan(3);
  expect(whole.flows).toBeGreaterThan(1_000);
  for (const seed of [1, 2]) {
    const random = new SeededRandom(seed);
    const again = derive(
      `seed-${seed}`,
      () => random.int(1, 60),
      () => random.next() < 0.2,
    );
    expect(again).toEqual(whole);
  }
});

test('every flow that was exported is derived once, those before their template too', () => {
  writeJournal(records(), HOUR);
  const world = makeWorld(3, 240_000, 4);
  const exported = 2 * flowsOf(world, EPOCH, 30_000).filter(({ end }) => end - EPOCH < world.duration).length;
  expect(
    derive(
      'once',
      () => 50,
      () => false,
    ).flows,
  ).toBe(exported);
});

test('teardowns are joined to what was built before a restart', () => {
  writeJournal(records(), HOUR);
  derive(
    'joined',
    () => 97,
    () => true,
  );
  const facts = new FactsDirectory(join(directory, 'joined'));
  const rows = facts
    .names()
    .flatMap(
      (name) =>
        facts
          .reader(name)
          ?.query(`SELECT direction_source, count(*) AS n FROM session_log WHERE action = 'session_end' GROUP BY 1`) ??
        [],
    );
  facts.close();
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map((row) => row['direction_source']))).toEqual(new Set(['joined']));
});

test('what waits for its template is told, and no longer once it has come', () => {
  const encoder = new IpfixEncoder(7, flowTemplates('ipfix'));
  const world = makeWorld(3, 60_000, 2);
  const [first] = flowsOf(world, EPOCH, 30_000);
  const data = encoder.data([first!], EPOCH).map(({ bytes }) => bytes);
  const record = (bytes: Uint8Array): RawRecord => ({ origin: ipfix, receivedAt: EPOCH, bytes });
  writeJournal([...data, encoder.templates(EPOCH)].map(record), 1 << 20);
  const journal = new JournalReader(journalDirectory);
  const derivation = new Derivation({
    journal,
    directory: join(directory, 'flows'),
    createNormalizer: () => createNormalizer(() => ({})),
  });
  derivation.open();
  derivation.advance(data.length);
  expect(derivation.waiting).toBe(data.length);
  derivation.advance(1);
  expect(derivation.waiting).toBe(0);
  derivation.close();
  journal.close();
});
