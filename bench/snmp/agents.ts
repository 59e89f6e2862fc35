import { createSocket, type RemoteInfo } from 'node:dgram';
import { BerReader } from '../../collectors/snmp/ber/ber-reader';
import { berInteger, berOid, berSequence, berValue } from '../../collectors/snmp/ber/ber-writer';
import { compareOids } from '../../collectors/snmp/oid';

/*
 * Agents for the bench, a process of their own: `agents.js PORT ROWS ADDRESS…`. Each address of 127.0.0.0/8 is one agent;
 * all serve the same tables over v2c, and know no community. An answer is made once and kept under what was asked, so that
 * agents cost next to nothing and the askers are what is measured.
 */

/** Columns that are served: ifTable, ifXTable, ipNetToMediaTable; the value's tag decides what is in them. */
export const SERVED: readonly (readonly [root: string, tag: number])[] = [
  ['1.3.6.1.2.1.2.2.1.2', 0x04],
  ['1.3.6.1.2.1.2.2.1.3', 0x02],
  ['1.3.6.1.2.1.2.2.1.6', 0x04],
  ['1.3.6.1.2.1.2.2.1.8', 0x02],
  ['1.3.6.1.2.1.31.1.1.1.1', 0x04],
  ['1.3.6.1.2.1.31.1.1.1.6', 0x46],
  ['1.3.6.1.2.1.31.1.1.1.10', 0x46],
  ['1.3.6.1.2.1.31.1.1.1.15', 0x42],
  ['1.3.6.1.2.1.31.1.1.1.18', 0x04],
  ['1.3.6.1.2.1.4.22.1.2', 0x04],
  ['1.3.6.1.2.1.4.22.1.4', 0x02],
];

const ARP = '1.3.6.1.2.1.4.22.1.';
/** Agents cut their answers to what fits (RFC 3416 section 4.2.3); this is a large datagram without fragments of loopback. */
const MOST_BYTES = 16_000;
const GET_BULK = 0xa5;
const RESPONSE = 0xa2;

interface Served {
  readonly oid: string;
  readonly bytes: Buffer;
}

/** All varbinds of an agent in the order of their OIDs. */
function tables(rows: number): readonly Served[] {
  const served = SERVED.flatMap(([root, tag]) =>
    Array.from({ length: rows }, (_, at): Served => {
      const row = at + 1;
      const oid = root.startsWith(ARP)
        ? `${root}.1.10.${(row >> 16) & 255}.${(row >> 8) & 255}.${row & 255}`
        : `${root}.${row}`;
      return { oid, bytes: berSequence(berOid(oid), berValue(tag, valueOf(root, tag, row))) };
    }),
  );
  return served.sort((a, b) => compareOids(a.oid, b.oid));
}

function valueOf(root: string, tag: number, row: number): Buffer {
  if (tag === 0x46) return Buffer.from((1_000_000_007n * BigInt(row)).toString(16).padStart(16, '0'), 'hex');
  if (tag !== 0x04) return berInteger(row % 100).subarray(2);
  if (root.endsWith('.22.1.2') || root.endsWith('.2.2.1.6')) return Buffer.from([2, 0, 94, row >> 16, row >> 8, row]);
  return Buffer.from(`GigabitEthernet${row >> 8}/0/${row & 255}`);
}

function firstAfter(served: readonly Served[], oid: string): number {
  let low = 0;
  let high = served.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareOids(served[middle]!.oid, oid) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The list of varbinds that answers a GETBULK (or a GETNEXT, as one repetition). */
function answerTo(served: readonly Served[], oids: readonly string[], repetitions: number): Buffer {
  const places = oids.map((oid) => firstAfter(served, oid));
  const parts: Buffer[] = [];
  let size = 0;
  for (let turn = 0; turn < repetitions; turn += 1) {
    for (const [column, place] of places.entries()) {
      const found = served[place + turn];
      const part = found?.bytes ?? berSequence(berOid(oids[column]!), berValue(0x82));
      size += part.length;
      if (size > MOST_BYTES) return berSequence(...parts);
      parts.push(part);
    }
  }
  return berSequence(...parts);
}

/** Answers any request of v2c; the list is kept under the request's octets behind its id. */
function responder(served: readonly Served[]): (request: Buffer) => Buffer {
  const known = new Map<string, Buffer>();
  return (request) => {
    const message = new BerReader(request).enter(0x30);
    const version = message.integer();
    const community = message.whole(0x04);
    const tag = message.peek();
    const pdu = message.enter(tag);
    const id = pdu.whole(0x02);
    const asked = request.toString('latin1', pdu.offset);
    let list = known.get(asked);
    if (list === undefined) {
      pdu.integer();
      const repetitions = pdu.integer();
      const oids: string[] = [];
      for (const bindings = pdu.enter(0x30); !bindings.done;) oids.push(bindings.enter(0x30).oid());
      list = answerTo(served, oids, tag === GET_BULK ? repetitions : 1);
      known.set(asked, list);
    }
    return berSequence(berInteger(version), community, berValue(RESPONSE, id, berInteger(0), berInteger(0), list));
  };
}

function main([port = '0', rows = '1', ...addresses]: readonly string[]): void {
  const answer = responder(tables(Number(rows)));
  let open = 0;
  for (const address of addresses) {
    const socket = createSocket('udp4');
    socket.on('message', (request: Buffer, peer: RemoteInfo) => socket.send(answer(request), peer.port, peer.address));
    socket.bind(Number(port), address, () => {
      open += 1;
      if (open === addresses.length) process.stdout.write('agents ready\n');
    });
  }
}

if (require.main === module) main(process.argv.slice(2));
