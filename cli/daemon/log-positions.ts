import type { SshLogPosition } from '../../collectors/ssh/logs/log-position';
import { recentRecords, type RecordHead } from '../../store/journal/recent-records';

/** Headers are shorter; a longer one is passed over, and then an older record of the file decides. */
const HEADER_BYTES = 8192;
/** How far back is looked for a file: a host has rotated it away by then. */
const LOOK_BACK_MS = 8 * 24 * 3_600_000;

/**
 * Up to where each log file of each device is in the journal: what its newest record says. The journal is gone through
 * once for all devices, the newest segment first and only as far back as somebody asks.
 */
export class LogPositions {
  readonly #drained: () => Promise<void>;
  readonly #now: () => number;
  readonly #directory: string;
  readonly #found = new Map<string, Map<string, SshLogPosition>>();
  #segments: Iterator<number, void> | undefined;
  #asking: Promise<unknown> = Promise.resolve();
  #isDone = false;

  /** `drained` resolves when all that was handed over is in the journal: what a collector before this one read counts too. */
  constructor(directory: string, drained: () => Promise<void>, now: () => number = Date.now) {
    this.#directory = directory;
    this.#drained = drained;
    this.#now = now;
  }

  /** Positions of a device's files, those that are known. */
  of(device: string, files: readonly string[]): Promise<readonly SshLogPosition[]> {
    // One after the other: they share the way back.
    const answer = this.#asking.then(async () => await this.#look(device, files));
    this.#asking = answer.catch(() => undefined);
    return answer;
  }

  async #look(device: string, files: readonly string[]): Promise<readonly SshLogPosition[]> {
    if (this.#segments === undefined) {
      await this.#drained();
      this.#segments = recentRecords(this.#directory, {
        collector: 'ssh',
        format: 'logfile',
        headBytes: HEADER_BYTES,
        visit: (head) => this.#note(head),
      });
    }
    while (!this.#isDone && !this.#hasAll(device, files)) {
      const { done, value: openedAt } = this.#segments.next();
      this.#isDone = done === true || openedAt === undefined || openedAt < this.#now() - LOOK_BACK_MS;
      // A segment takes a while; connections are kept alive meanwhile.
      await new Promise(setImmediate);
    }
    return [...(this.#found.get(device)?.values() ?? [])];
  }

  #hasAll(device: string, files: readonly string[]): boolean {
    const known = this.#found.get(device);
    return files.every((file) => known?.has(file) === true);
  }

  /** The newest record of a file comes first and counts. */
  #note(head: RecordHead): void {
    const position = positionOf(head);
    if (position === undefined) return;
    const files = this.#found.get(head.source) ?? new Map<string, SshLogPosition>();
    this.#found.set(head.source, files);
    if (!files.has(position.file)) files.set(position.file, position);
  }
}

/** Where a record leaves off; undefined for one that says nothing of it. */
function positionOf({ head, size, receivedAt }: RecordHead): SshLogPosition | undefined {
  const end = head.indexOf(0x0a);
  if (end < 0) return undefined;
  try {
    const fields = JSON.parse(head.toString('utf8', 0, end)) as Readonly<Record<string, unknown>>;
    const { kind, file, generation, head: length, offset } = fields;
    if (kind !== 'log' || typeof file !== 'string' || typeof generation !== 'string') return undefined;
    if (typeof length !== 'number' || typeof offset !== 'number') return undefined;
    return { file, generation, head: length, offset: offset + size - end - 1, at: receivedAt };
  } catch {
    return undefined;
  }
}
