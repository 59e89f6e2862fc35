import { SeededRandom } from '../../test/site/random';

/** Field specifiers: element, length, and the enterprise where there is one. */
type Fields = readonly (readonly [element: number, length: number, enterprise?: number])[];

/** What a vSphere distributed switch declares for IPv4 (VMware, "IPFIX templates"). */
const VDS_FIELDS: Fields = [
  [8, 4],
  [12, 4],
  [1, 8],
  [2, 8],
  [152, 8],
  [153, 8],
  [7, 2],
  [11, 2],
  [10, 4],
  [14, 4],
  [351, 8],
  [4, 1],
  [136, 1],
  [6, 1],
  [5, 1],
  [53, 1],
  [61, 1],
  [890, 2, 6876],
  [888, 2, 6876],
  [889, 1, 6876],
  [210, 1],
];

/** Template of an ASA for IPv4 flow updates and teardowns (Cisco ASA NetFlow Implementation Guide). */
const NSEL_FIELDS: Fields = [
  [148, 4],
  [8, 4],
  [7, 2],
  [10, 2],
  [12, 4],
  [11, 2],
  [14, 2],
  [4, 1],
  [176, 1],
  [177, 1],
  [225, 4],
  [226, 4],
  [227, 2],
  [228, 2],
  [233, 1],
  [33_002, 2],
  [323, 8],
  [152, 8],
  [231, 4],
  [232, 4],
  [33_000, 12],
  [33_001, 12],
  [40_000, 20],
];

const SECONDS = 1_700_000_000;
const USERS = ['alice', 'bob', 'svc-backup'];
const ACLS = ['102154c943e4da2200000000', '8ca0f1d1443c2b9b00000000', '0f8e7f3ff75a3fa500000000'];

/** IPFIX of a distributed switch: 16 records a datagram; the first declares the template. */
export function makeVdsDatagrams(count: number, seed = 2): Buffer[] {
  const random = new SeededRandom(seed);
  return [ipfix(set(2, template(VDS_FIELDS)), 0)].concat(
    Array.from({ length: count }, (_, i) =>
      ipfix(set(256, Buffer.concat(Array.from({ length: 16 }, () => vdsRecord(random)))), (i + 1) * 16),
    ),
  );
}

/** Records of NSEL that fit into a datagram. */
export const NSEL_RECORDS = 13;
const UPDATE_AND_TEARDOWN = [5, 2];
/** Nothing passed, and nothing is held against what was counted. */
export const DENIED = [3];

/** NSEL of an ASA: 13 records a datagram, one update and one teardown for each connection, or other events in turn. */
export function makeNselDatagrams(count: number, events: readonly number[] = UPDATE_AND_TEARDOWN, seed = 3): Buffer[] {
  const random = new SeededRandom(seed);
  return [v9(set(0, template(NSEL_FIELDS)), 0)].concat(
    Array.from({ length: count }, (_, i) =>
      v9(set(256, Buffer.concat(nselRecords(random, i * NSEL_RECORDS, events))), i + 1),
    ),
  );
}

/** Makes what `makeNselDatagrams` made into the records of as many connections that come after them. */
export function nextConnections(datagrams: readonly Buffer[]): void {
  const length = recordLength(NSEL_FIELDS);
  const connections = ((datagrams.length - 1) * NSEL_RECORDS) >> 1;
  for (const datagram of datagrams.slice(1)) {
    for (let at = 24; at + length <= datagram.length; at += length) {
      datagram.writeUInt32BE(datagram.readUInt32BE(at) + connections, at);
    }
  }
}

function recordLength(fields: Fields): number {
  return fields.reduce((sum, [, length]) => sum + length, 0);
}

function vdsRecord(random: SeededRandom): Buffer {
  const record = randomRecord(VDS_FIELDS, random);
  const port = random.int(0, 1) === 0 ? 57 : 100 + random.int(0, 19);
  put(record, VDS_FIELDS, 10, port);
  put(record, VDS_FIELDS, 890, port === 57 ? 1 : 2);
  put(record, VDS_FIELDS, 4, 6);
  return record;
}

function nselRecords(random: SeededRandom, first: number, events: readonly number[]): Buffer[] {
  return Array.from({ length: NSEL_RECORDS }, (_, i) => nselRecord(random, first + i, events));
}

function nselRecord(random: SeededRandom, index: number, events: readonly number[]): Buffer {
  const record = randomRecord(NSEL_FIELDS, random);
  const event = events[index % events.length]!;
  const teardown = event === 2;
  put(record, NSEL_FIELDS, 148, index >> 1);
  put(record, NSEL_FIELDS, 233, event);
  put(record, NSEL_FIELDS, 4, 6);
  record.writeBigUInt64BE(BigInt(SECONDS * 1000 + index), offsetOf(NSEL_FIELDS, 323));
  put(record, NSEL_FIELDS, 231, teardown ? 2000 : 1000);
  put(record, NSEL_FIELDS, 232, teardown ? 9000 : 4000);
  record.write(random.pick(ACLS), offsetOf(NSEL_FIELDS, 33_000), 'hex');
  record.fill(0, offsetOf(NSEL_FIELDS, 33_001));
  if (random.int(0, 3) === 0) record.write(random.pick(USERS), offsetOf(NSEL_FIELDS, 40_000), 'latin1');
  return record;
}

function randomRecord(fields: Fields, random: SeededRandom): Buffer {
  const record = Buffer.alloc(recordLength(fields));
  for (let at = 0; at < record.length; at++) record[at] = random.int(0, 255);
  for (const element of [1, 2, 351])
    if (fields.some(([id]) => id === element)) record.fill(0, offsetOf(fields, element), offsetOf(fields, element) + 4);
  for (const element of [152, 153]) {
    if (fields.some(([id]) => id === element))
      record.writeBigUInt64BE(BigInt(SECONDS * 1000 - 5000), offsetOf(fields, element));
  }
  return record;
}

function put(record: Buffer, fields: Fields, element: number, value: number): void {
  const length = fields.find(([id]) => id === element)![1];
  record.writeUIntBE(value, offsetOf(fields, element), length);
}

function offsetOf(fields: Fields, element: number): number {
  let at = 0;
  for (const [id, length] of fields) {
    if (id === element) return at;
    at += length;
  }
  throw new RangeError(`no element ${element}`);
}

function template(fields: Fields): Buffer {
  const specs = fields.map(([element, length, enterprise]) => {
    const spec = Buffer.alloc(enterprise === undefined ? 4 : 8);
    spec.writeUInt16BE(enterprise === undefined ? element : element | 0x8000, 0);
    spec.writeUInt16BE(length, 2);
    if (enterprise !== undefined) spec.writeUInt32BE(enterprise, 4);
    return spec;
  });
  const head = Buffer.alloc(4);
  head.writeUInt16BE(256, 0);
  head.writeUInt16BE(fields.length, 2);
  return Buffer.concat([head, ...specs]);
}

function set(id: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(content.length + 4, 2);
  return Buffer.concat([head, content]);
}

function ipfix(sets: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt16BE(10, 0);
  head.writeUInt16BE(sets.length + 16, 2);
  head.writeUInt32BE(SECONDS, 4);
  head.writeUInt32BE(sequence, 8);
  return Buffer.concat([head, sets]);
}

function v9(sets: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt16BE(9, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(3_600_000, 4);
  head.writeUInt32BE(SECONDS, 8);
  head.writeUInt32BE(sequence, 12);
  return Buffer.concat([head, sets]);
}
