import { endianness } from 'node:os';

/** One socket of `/proc/net/udp`, `udp6`, `tcp` or `tcp6`. */
export interface ProcNetRow {
  readonly family: 4 | 6;
  /** Local address, lower-case hexadecimal in network order: 8 or 32 digits. */
  readonly localHex: string;
  readonly localPort: number;
  readonly state: number;
  /** Bytes waiting in the receive queue, as the kernel accounts them (with its own overhead). */
  readonly receiveQueue: number;
  readonly inode: number;
  /** Datagrams the kernel dropped at this socket since it was made, modulo 2^32. 0 where the table has no such column. */
  readonly drops: number;
}

/**
 * Reads a socket table as Linux prints it (Documentation/networking/proc_net_tcp.rst; `net/ipv4/udp.c`,
 * `udp4_format_sock`: the 13th column is `sk_drops`). Rows that do not have the known shape are left out: a later
 * kernel may add columns at the end, but not move these.
 */
export function parseProcNet(text: string, hostOrder: 'BE' | 'LE' = endianness()): readonly ProcNetRow[] {
  const rows: ProcNetRow[] = [];
  for (const line of text.split('\n')) {
    const row = parseRow(line.trim().split(/\s+/), hostOrder);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function parseRow(columns: readonly string[], hostOrder: 'BE' | 'LE'): ProcNetRow | undefined {
  const [slot, local, , state, queues] = columns;
  if (slot === undefined || !/^\d+:$/.test(slot)) return undefined;
  const endpoint = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local ?? '');
  const queue = /^[0-9A-F]+:([0-9A-F]+)$/.exec(queues ?? '');
  const inode = decimal(columns[9]);
  if (endpoint === null || queue === null || inode === undefined) return undefined;
  return {
    family: endpoint[1]!.length === 8 ? 4 : 6,
    localHex: networkOrder(endpoint[1]!, hostOrder),
    localPort: Number.parseInt(endpoint[2]!, 16),
    state: Number.parseInt(state ?? '0', 16),
    receiveQueue: Number.parseInt(queue[1]!, 16),
    inode,
    drops: decimal(columns[12]) ?? 0,
  };
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The kernel prints each 32-bit word of an address as a number of the host's byte order. */
function networkOrder(hex: string, hostOrder: 'BE' | 'LE'): string {
  if (hostOrder === 'BE') return hex.toLowerCase();
  const words = hex.match(/.{8}/g) ?? [];
  return words
    .map((word) => (word.match(/../g) ?? []).toReversed().join(''))
    .join('')
    .toLowerCase();
}
