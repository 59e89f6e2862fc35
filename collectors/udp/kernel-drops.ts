import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { localHex } from './local-hex';
import { parseProcNet, type ProcNetRow } from './proc-net';

/** What the kernel says of the sockets of one listener. */
export interface KernelDropSample {
  /** Datagrams thrown away because the receive buffer was full, exact, since the listener first opened. */
  readonly drops: number;
  /** Bytes waiting to be read now, as the kernel accounts them. */
  readonly waitingBytes: number;
}

/** Where the meter reads; tests give written tables. */
export interface DropSource {
  /** The kernel's table of UDP sockets of one family; undefined where there is none. */
  table(family: 4 | 6): string | undefined;
  /** Inodes of the sockets this process holds; undefined when it cannot be told. */
  ownInodes(): ReadonlySet<number> | undefined;
}

/**
 * Counts what was lost between the network card and us. `dgram` offers no SO_RXQ_OVFL, but Linux prints the same
 * counter per socket in `/proc/net/udp{,6}`. Sockets are followed by inode, so a socket of another process on the same
 * port is not counted, and a listener that opens again goes on from where it was. Elsewhere than on Linux `sample`
 * says undefined: not known is not zero.
 */
export class KernelDrops {
  readonly #source: DropSource;
  /** Last seen counter (modulo 2^32) of each socket followed. */
  readonly #lastByInode = new Map<number, number>();
  #families: ReadonlySet<4 | 6> = new Set();
  #drops = 0;

  constructor(source: DropSource = linuxDropSource) {
    this.#source = source;
  }

  /** Follows the socket just bound to this address and port. Its counter starts at zero, so nothing is missed. */
  watch(address: string, port: number): void {
    const family = address.includes(':') ? 6 : 4;
    const wanted = localHex(address);
    const own = this.#source.ownInodes();
    for (const row of this.#rows(family)) {
      const ours = row.localPort === port && row.localHex === wanted && (own?.has(row.inode) ?? true);
      if (ours && !this.#lastByInode.has(row.inode)) this.#lastByInode.set(row.inode, 0);
    }
    this.#families = new Set([...this.#families, family]);
  }

  /** Reads the counters; call it just before closing the sockets too, else their last drops are not seen. */
  sample(): KernelDropSample | undefined {
    let waitingBytes = 0;
    if (this.#lastByInode.size === 0) return undefined;
    for (const family of this.#families) {
      for (const row of this.#rows(family)) {
        const last = this.#lastByInode.get(row.inode);
        if (last === undefined) continue;
        // 32-bit counter: the difference is taken modulo 2^32.
        this.#drops += (row.drops - last) >>> 0;
        this.#lastByInode.set(row.inode, row.drops);
        waitingBytes += row.receiveQueue;
      }
    }
    return { drops: this.#drops, waitingBytes };
  }

  #rows(family: 4 | 6): readonly ProcNetRow[] {
    const text = this.#source.table(family);
    if (text === undefined) return [];
    // While sockets come and go the kernel may print a row twice.
    const byInode = new Map<number, ProcNetRow>();
    for (const row of parseProcNet(text)) byInode.set(row.inode, row);
    return [...byInode.values()];
  }
}

const linuxDropSource: DropSource = {
  table(family) {
    try {
      return readFileSync(family === 4 ? '/proc/net/udp' : '/proc/net/udp6', 'latin1');
    } catch {
      return undefined;
    }
  },
  ownInodes() {
    try {
      return socketInodes('/proc/self/fd');
    } catch {
      return undefined;
    }
  },
};

/** Inodes of all sockets among the descriptors of one process. Throws when the folder may not be read. */
export function socketInodes(folder: string): ReadonlySet<number> {
  const inodes = new Set<number>();
  for (const name of readdirSync(folder)) {
    const inode = socketInode(`${folder}/${name}`);
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

function socketInode(path: string): number | undefined {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(path));
    return match === null ? undefined : Number(match[1]);
  } catch {
    // Closed between listing and reading.
    return undefined;
  }
}
