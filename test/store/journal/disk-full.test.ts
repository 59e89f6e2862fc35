import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawRecord } from '../../../collectors/contract';
import { freeSpace } from '../../../store/journal/disk-space';
import type { JournalEvent } from '../../../store/journal/events';
import { Journal, type JournalOptions } from '../../../store/journal/journal';
import { JournalReader } from '../../../store/journal/journal-reader';
import { createRing } from '../../../store/journal/ring-layout';
import { RingProducer } from '../../../store/journal/ring-producer';
import { RingReader } from '../../../store/journal/ring-reader';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { verifyJournal } from '../../../store/journal/verify';
import { records } from './journal-fixture';

const MIB = 1 << 20;

/** A file system of its own, so that it can be filled. */
function mount(path: string, mebibytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path]).status === 0;
}

const probe = mkdtempSync(join(tmpdir(), 'ascribe-mount-'));
const canMount = mount(probe, 1);
if (canMount) spawnSync('umount', [probe]);
rmSync(probe, { recursive: true });

(canMount ? describe : describe.skip)('on a disk that fills up (needs the right to mount)', () => {
  let root: string;
  let directory: string;
  let events: JournalEvent[];
  let keys: SigningKeys;
  let now: number;
  let journal: Journal | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ascribe-full-'));
    mount(root, 64);
    directory = join(root, 'journal');
    keys = SigningKeys.open(join(root, 'keys'));
    events = [];
    now = Date.UTC(2026, 10, 24, 2);
  });
  afterEach(() => {
    journal?.close();
    journal = undefined;
    spawnSync('umount', [root]);
    rmSync(root, { recursive: true });
  });

  const open = (options: Partial<JournalOptions> = {}) => {
    journal = Journal.open(directory, {
      keys,
      reserveBytes: 0,
      now: () => now,
      emit: (event) => events.push(event),
      ...options,
    });
    return journal;
  };
  const kinds = () => events.map(({ kind }) => kind);
  const batch = (first: number): RawRecord[] =>
    records(40, first).map(({ origin, receivedAt }) => ({ origin, receivedAt, bytes: Buffer.alloc(5000, first) }));
  const full = expect.objectContaining({ code: 'disk_full' });

  /** Appends until the disk is full; returns the number of records stored. */
  function fill(into: Journal, first = 0): number {
    for (let count = first; ; count += 40) {
      try {
        into.append(batch(count));
      } catch (error) {
        expect(error).toMatchObject({ code: 'disk_full' });
        return count;
      }
    }
  }

  function checkWhole(count: number): void {
    const reader = new JournalReader(directory);
    expect(reader.read(1, count + 100).map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    reader.close();
    expect(verifyJournal(directory, keys.publicKey)).toMatchObject({ faults: [], records: count });
  }

  it('refuses the batch, corrupts nothing, and takes the same batch when there is space again', () => {
    const filler = join(root, 'filler');
    writeFileSync(filler, Buffer.alloc(44 * MIB));
    const into = open();
    const count = fill(into);
    expect(count).toBeGreaterThan(400);
    expect(into.isFull).toBe(true);
    expect(() => into.append(batch(count))).toThrow(full);
    expect(kinds().filter((kind) => kind === 'disk_full')).toHaveLength(1);
    checkWhole(count);

    rmSync(filler);
    expect(into.append(batch(count))).toMatchObject({ firstSeq: count + 1, lastSeq: count + 40 });
    expect(into.isFull).toBe(false);
    expect(kinds().at(-1)).toBe('disk_space_back');
    checkWhole(count + 40);
  });

  it('goes on longest with its reserve, says so, and sets it up again later', () => {
    const filler = join(root, 'filler');
    writeFileSync(filler, Buffer.alloc(40 * MIB));
    const into = open({ reserveBytes: 4 * MIB });
    expect(statSync(join(directory, 'reserve.bin')).size).toBe(4 * MIB);
    const count = fill(into);
    expect(kinds().filter((kind) => kind.startsWith('disk_'))).toEqual([
      'disk_reserve_set_up',
      'disk_reserve_released',
      'disk_full',
    ]);
    expect(existsSync(join(directory, 'reserve.bin'))).toBe(false);
    expect(freeSpace(root).available).toBeLessThan(MIB);
    checkWhole(count);

    now += 60_000;
    expect(() => into.append(batch(count))).toThrow(full);
    rmSync(filler);
    now += 9_000;
    into.append(batch(count));
    expect(existsSync(join(directory, 'reserve.bin'))).toBe(false);
    now += 2_000;
    into.append(batch(count + 40));
    expect(statSync(join(directory, 'reserve.bin')).size).toBe(4 * MIB);
  });

  it('keeps refused records in the ring', () => {
    const filler = join(root, 'filler');
    const into = open();
    writeFileSync(filler, Buffer.alloc(44 * MIB));
    const count = fill(into);
    const memory = createRing(MIB);
    const producer = new RingProducer(memory);
    const ring = new RingReader(memory);
    producer.offer(batch(count));
    expect(() => into.appendFrom(ring, 40, MIB)).toThrow(full);
    producer.offer(batch(count + 40));
    expect(() => into.appendFrom(ring, 80, MIB)).toThrow(full);
    rmSync(filler);
    expect(into.appendFrom(ring, 80, MIB)).toMatchObject({ firstSeq: count + 1, lastSeq: count + 40 });
    expect(into.appendFrom(ring, 80, MIB)).toMatchObject({ firstSeq: count + 41, lastSeq: count + 80 });
    checkWhole(count + 80);
  });

  it('seals and opens segments on a full disk as far as there is room, and heals when there is', () => {
    const filler = join(root, 'filler');
    writeFileSync(filler, Buffer.alloc(44 * MIB));
    const into = open();
    const count = fill(into);
    // An hour passes: the next append must seal, which may find no room, at any of its steps.
    now += 3_600_000;
    expect(() => into.append(batch(count))).toThrow(full);
    expect(() => into.rotate()).not.toThrow(TypeError);
    rmSync(filler);
    expect(into.append(batch(count))).toMatchObject({ segment: expect.stringMatching(/T03-00/u), firstSeq: count + 1 });
    checkWhole(count + 40);
  });

  it('starts on a full disk once there is space, with all it had', () => {
    const filler = join(root, 'filler');
    writeFileSync(filler, Buffer.alloc(44 * MIB));
    const count = fill(open());
    journal?.close();
    writeFileSync(join(root, 'rest'), Buffer.alloc(Math.max(0, freeSpace(root).available - 4096)));
    try {
      open().append(batch(count));
    } catch (error) {
      expect(error).toMatchObject({ code: 'disk_full' });
    }
    journal?.close();
    rmSync(filler);
    expect(open().append(batch(count))).toMatchObject({ firstSeq: count + 1 });
    checkWhole(count + 40);
  });
});

it('tells how much room there is', () => {
  const { available, total } = freeSpace(tmpdir());
  expect(available).toBeGreaterThan(0);
  expect(total).toBeGreaterThanOrEqual(available);
});
