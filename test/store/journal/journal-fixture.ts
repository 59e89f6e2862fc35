import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawOrigin, RawRecord } from '../../../collectors/contract';
import type { JournalEvent } from '../../../store/journal/events';
import { Journal, type JournalOptions } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';

/**
 * Where journals of tests live: in memory where there is such a file system. Durability against a power cut cannot be
 * tested either way, and the tests are not held up by a busy disk.
 */
export const SCRATCH = inMemory() ?? tmpdir();

function inMemory(): string | undefined {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return undefined;
  }
}

/** A journal in a directory of its own, with its events and a clock that stands still. */
export class JournalFixture {
  readonly data = mkdtempSync(join(SCRATCH, 'ascribe-journal-'));
  readonly directory = join(this.data, 'journal');
  readonly keys = SigningKeys.open(join(this.data, 'keys'));
  readonly events: JournalEvent[] = [];
  now = Date.UTC(2026, 10, 24, 2, 10);

  open(options: Partial<JournalOptions> = {}): Journal {
    return Journal.open(this.directory, {
      keys: this.keys,
      reserveBytes: 0,
      now: () => this.now,
      emit: (event) => this.events.push(event),
      ...options,
    });
  }

  /** Three sealed segments of ten records each (1-10, 11-20, 21-30) and an open one with 31-35. */
  fill(): void {
    const journal = this.open();
    for (let segment = 0; segment < 3; segment += 1) {
      journal.append(records(10, segment * 10));
      journal.rotate();
    }
    journal.append(records(5, 30));
    journal.close();
  }

  remove(): void {
    rmSync(this.data, { recursive: true });
  }
}

export const ORIGINS: readonly RawOrigin[] = [
  { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '192.0.2.1:2055', format: 'flow' },
  { collector: 'syslog', source: 'tcp://[::]:5514', peer: '[2001:db8::1]:40000', format: 'syslog' },
];

/** `count` records whose bytes name them: `record FIRST`, `record FIRST+1`, … with alternating origins. */
export function records(count: number, first = 0): RawRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    origin: ORIGINS[(first + index) % 2] as RawOrigin,
    receivedAt: Date.UTC(2026, 10, 24, 2, 0) + first + index,
    bytes: Buffer.from(`record ${first + index}`),
  }));
}
