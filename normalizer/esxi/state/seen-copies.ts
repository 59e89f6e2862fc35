/**
 * The same record may come twice: read from the host's file over SSH and sent by the host as syslog, in either order. Both
 * stay in the journal; their facts are made once. A record is known by (device, second, program, message); the copy sent
 * as syslog may be cut, so that a beginning counts as the whole.
 *
 * Equal records of one source are no copies: of n from one and m from the other max(n, m) are told.
 */
export type CopySource = 'file' | 'warnings' | 'syslog';

/** `[ms, pid, length, hash, head, counts by source]`. */
type Entry = [ms: number, pid: string, length: number, hash: number, head: number, ...counts: [number, number, number]];

/** `[key, entries]`, oldest first. */
export type CopiesState = readonly (readonly [string, readonly Entry[]])[];

const PLACE: Readonly<Record<CopySource, 5 | 6 | 7>> = { file: 5, warnings: 6, syslog: 7 };
const MAX_ENTRIES = 32_768;
/** Syslog keeps 480 bytes at the least (RFC 5424 section 6.1), less its header. */
const HEAD = 160;

export interface CopyKey {
  /** One name a host, whichever way it speaks. */
  readonly device: string;
  readonly ms: number;
  readonly program: string;
  readonly pid: string | undefined;
  /** First line of the message. */
  readonly message: string;
}

export class SeenCopies {
  readonly #byKey = new Map<string, Entry[]>();
  #size = 0;

  /** Notes a record; false when it is the copy of one that was noted from the other source. */
  isNew(source: CopySource, { device, ms, program, pid = '', message }: CopyKey): boolean {
    const key = `${device}\n${Math.floor(ms / 1000)}\n${program.toLowerCase()}`;
    const entries = this.#byKey.get(key);
    const place = PLACE[source];
    const hash = hashOf(message, message.length);
    const head = hashOf(message, HEAD);
    const known = entries?.find((entry) => {
      const [at, owner, length] = entry;
      if (!sameMoment(at, ms) || (owner !== '' && pid !== '' && owner !== pid)) return false;
      if (length === message.length) return entry[3] === hash;
      if (Math.min(length, message.length) < HEAD || entry[4] !== head) return false;
      // What is cut is cut at its end: then the known text is the beginning of this one, or this one of it.
      return length > message.length || hashOf(message, length) === entry[3];
    });
    if (known !== undefined) {
      const told = Math.max(known[5], known[6], known[7]);
      known[place]++;
      return Math.max(known[5], known[6], known[7]) > told;
    }
    const entry: Entry = [ms, pid, message.length, hash, head, 0, 0, 0];
    entry[place] = 1;
    this.#add(key, entries, entry);
    return true;
  }

  state(): CopiesState {
    return [...this.#byKey];
  }

  restore(state: CopiesState): void {
    this.#byKey.clear();
    this.#size = 0;
    for (const [key, entries] of state) {
      this.#byKey.set(
        key,
        entries.map((entry): Entry => [...entry]),
      );
      this.#size += entries.length;
    }
  }

  #add(key: string, entries: Entry[] | undefined, entry: Entry): void {
    if (entries === undefined) this.#byKey.set(key, [entry]);
    else entries.push(entry);
    this.#size++;
    while (this.#size > MAX_ENTRIES) {
      const oldest = this.#byKey.entries().next().value;
      if (oldest === undefined) return;
      this.#byKey.delete(oldest[0]);
      this.#size -= oldest[1].length;
    }
  }
}

/** Files of 6.x keep seconds only where syslog keeps milliseconds. */
function sameMoment(a: number, b: number): boolean {
  return a === b || a % 1000 === 0 || b % 1000 === 0;
}

/** FNV-1a, 32 bits, of the first `length` characters. */
function hashOf(text: string, length: number): number {
  let hash = 0x811c9dc5;
  const end = Math.min(length, text.length);
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
