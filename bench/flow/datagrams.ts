import { writeFileSync } from 'node:fs';
import { SeededRandom } from '../../test/site/random';

/**
 * The load: NetFlow v9 of a busy border router, 20 fields a record as a default Cisco or softflowd template has them,
 * 24 records a datagram of 1.4 kB.
 */
export const FIELDS: readonly (readonly [id: number, length: number])[] = [
  [8, 4],
  [12, 4],
  [15, 4],
  [10, 4],
  [14, 4],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
  [7, 2],
  [11, 2],
  [6, 1],
  [4, 1],
  [5, 1],
  [61, 1],
  [16, 4],
  [17, 4],
  [9, 1],
  [13, 1],
  [58, 2],
];
export const RECORDS_PER_DATAGRAM = 24;
export const RECORD_LENGTH = FIELDS.reduce((sum, [, length]) => sum + length, 0);
const TEMPLATE_ID = 256;
const UPTIME = 3_600_000;

/** The template's datagram, then `count` datagrams of data. Flows are distinct 5-tuples; every second answers the one before. */
export function makeDatagrams(count: number, seed = 1, records = RECORDS_PER_DATAGRAM): Buffer[] {
  const random = new SeededRandom(seed);
  const seconds = Math.floor(Date.now() / 1000);
  const out = [templateDatagram(seconds)];
  for (let i = 0; i < count; i++) out.push(dataDatagram(random, i, seconds, records));
  return out;
}

/** Data datagrams in the file that `send.pl` sends over and over, its template included. */
export const DATAGRAMS_IN_FILE = 20_000;

/** How many of the first `sent` datagrams were templates. */
export function templatesIn(sent: number): number {
  return Math.ceil(sent / (DATAGRAMS_IN_FILE + 1));
}

/** For `send.pl`. */
export function writeDatagramFile(path: string, datagrams: readonly Buffer[]): void {
  const framed = datagrams.flatMap((datagram) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(datagram.length, 0);
    return [length, datagram];
  });
  writeFileSync(path, Buffer.concat(framed));
}

function header(count: number, sequence: number, seconds: number): Buffer {
  const out = Buffer.alloc(20);
  out.writeUInt16BE(9, 0);
  out.writeUInt16BE(count, 2);
  out.writeUInt32BE(UPTIME, 4);
  out.writeUInt32BE(seconds, 8);
  out.writeUInt32BE(sequence, 12);
  out.writeUInt32BE(1, 16);
  return out;
}

function templateDatagram(seconds: number): Buffer {
  const set = Buffer.alloc(8 + FIELDS.length * 4);
  set.writeUInt16BE(0, 0);
  set.writeUInt16BE(set.length, 2);
  set.writeUInt16BE(TEMPLATE_ID, 4);
  set.writeUInt16BE(FIELDS.length, 6);
  FIELDS.forEach(([id, length], i) => {
    set.writeUInt16BE(id, 8 + i * 4);
    set.writeUInt16BE(length, 10 + i * 4);
  });
  return Buffer.concat([header(1, 0, seconds), set]);
}

function dataDatagram(random: SeededRandom, index: number, seconds: number, records: number): Buffer {
  const padding = (4 - ((records * RECORD_LENGTH) % 4)) % 4;
  const set = Buffer.alloc(4 + records * RECORD_LENGTH + padding);
  set.writeUInt16BE(TEMPLATE_ID, 0);
  set.writeUInt16BE(set.length, 2);
  let client = 0;
  let server = 0;
  let port = 0;
  for (let i = 0; i < records; i++) {
    const answer = i % 2 === 1;
    if (!answer) {
      client = 0x0a000000 + random.int(1, 65_000);
      server = 0xcb007100 + random.int(1, 254);
      port = 1024 + ((index * records + i) % 64_000);
    }
    writeRecord(set, 4 + i * RECORD_LENGTH, random, answer ? [server, client, 443, port] : [client, server, port, 443]);
  }
  return Buffer.concat([header(records, index + 1, seconds), set]);
}

function writeRecord(
  set: Buffer,
  offset: number,
  random: SeededRandom,
  [src, dst, srcPort, dstPort]: readonly [number, number, number, number],
): void {
  const first = UPTIME - random.int(1_000, 60_000);
  const values = [
    src,
    dst,
    0xc0000201,
    1,
    2,
    random.int(1, 900),
    random.int(60, 1_200_000),
    first,
    first + random.int(0, 900),
  ];
  const rest = [srcPort, dstPort, 0x1b, 6, 0, 0, 64_500, 64_501, 24, 24, 10];
  let at = offset;
  [...values, ...rest].forEach((value, i) => {
    const length = FIELDS[i]?.[1] ?? 4;
    set.writeUIntBE(value >>> 0, at, length);
    at += length;
  });
}
