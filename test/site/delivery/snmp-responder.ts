import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { MibView } from '../telemetry/snmp-agents';

/**
 * An SNMP agent (v1 and v2c; RFC 3416) over UDP that answers Get, GetNext and GetBulk from a view of objects. Written from the
 * RFC and without the product's codec; checked against Net-SNMP's snmpbulkwalk.
 */
export class SnmpResponder {
  readonly #socket: Socket;
  readonly #view: () => MibView;
  readonly #community: string;
  requests = 0;

  private constructor(socket: Socket, view: () => MibView, community: string) {
    this.#socket = socket;
    this.#view = view;
    this.#community = community;
    socket.on('message', (bytes, peer) => this.#answer(bytes, peer));
  }

  /** Listens on a port of the system's choice. `view` is asked at every request. */
  static async open(address: string, view: () => MibView, community = 'public'): Promise<SnmpResponder> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, resolve);
    });
    return new SnmpResponder(socket, view, community);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => void this.#socket.close(() => resolve()));
  }

  #answer(bytes: Buffer, peer: RemoteInfo): void {
    const request = readRequest(bytes);
    if (request === undefined || request.community !== this.#community) return;
    this.requests++;
    const answer = responseTo(request, new OrderedView(this.#view()));
    this.#socket.send(answer, peer.port, peer.address);
  }
}

const TAG = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, ipAddress: 0x40, opaque: 0x44 } as const;
/** Values whose content is octets as they are. */
const OCTETS: ReadonlySet<number> = new Set([TAG.octets, TAG.opaque]);
const PDU = { get: 0xa0, getNext: 0xa1, response: 0xa2, getBulk: 0xa5 } as const;
const EXCEPTION = { noSuchInstance: 0x81, endOfMibView: 0x82 } as const;
/** RFC 3417 asks for 484 octets; this is what one frame carries. */
const MOST_BYTES = 1_400;

interface Request {
  readonly version: number;
  readonly community: string;
  readonly pdu: number;
  readonly id: number;
  /** Error status and index, or non-repeaters and repetitions. */
  readonly first: number;
  readonly second: number;
  readonly oids: readonly string[];
}

type Entry = MibView[number];

class OrderedView {
  readonly #entries: readonly Entry[];
  readonly #arcs: readonly (readonly number[])[];

  constructor(view: MibView) {
    this.#entries = view;
    this.#arcs = view.map(([oid]) => arcsOf(oid));
  }

  exact(oid: string): Entry | undefined {
    return this.#entries.find(([known]) => known === oid);
  }

  /** The first object after this OID. */
  after(oid: string): Entry | undefined {
    const arcs = arcsOf(oid);
    let [low, high] = [0, this.#arcs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareArcs(this.#arcs[middle] ?? [], arcs) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low];
  }
}

function responseTo(request: Request, view: OrderedView): Buffer {
  const found: Buffer[] = [];
  let size = 0;
  const put = (entry: Entry | undefined, oid: string, otherwise: number): boolean => {
    const encoded =
      entry === undefined ? varbind(oid, tlv(otherwise, Buffer.alloc(0))) : varbind(entry[0], valueOf(entry));
    if (size + encoded.length > MOST_BYTES) return false;
    size += encoded.length;
    found.push(encoded);
    return true;
  };
  switch (request.pdu) {
    case PDU.get:
      for (const oid of request.oids) put(view.exact(oid), oid, EXCEPTION.noSuchInstance);
      break;
    case PDU.getNext:
      for (const oid of request.oids) put(view.after(oid), oid, EXCEPTION.endOfMibView);
      break;
    default:
      bulk(request, view, put);
  }
  const pdu = tlv(PDU.response, integer(request.id), integer(0), integer(0), tlv(TAG.sequence, ...found));
  return tlv(TAG.sequence, integer(request.version), tlv(TAG.octets, Buffer.from(request.community)), pdu);
}

function bulk(
  { first: nonRepeaters, second: repetitions, oids }: Request,
  view: OrderedView,
  put: (entry: Entry | undefined, oid: string, otherwise: number) => boolean,
): void {
  for (const oid of oids.slice(0, nonRepeaters)) put(view.after(oid), oid, EXCEPTION.endOfMibView);
  const at = oids.slice(nonRepeaters);
  for (let i = 0; i < repetitions; i++) {
    for (const [column, oid] of at.entries()) {
      const next = view.after(oid);
      if (!put(next, oid, EXCEPTION.endOfMibView)) return;
      if (next !== undefined) at[column] = next[0];
    }
  }
}

function valueOf([, tag, value]: Entry): Buffer {
  if (OCTETS.has(tag)) return tlv(tag, Buffer.from(String(value), 'hex'));
  if (tag === TAG.oid) return encodeOid(String(value));
  if (tag === TAG.ipAddress) return tlv(tag, Buffer.from(String(value).split('.').map(Number)));
  return tag === TAG.integer ? integer(Number(value)) : tlv(tag, unsigned(BigInt(value ?? 0)));
}

function varbind(oid: string, value: Buffer): Buffer {
  return tlv(TAG.sequence, encodeOid(oid), value);
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function integer(value: number): Buffer {
  const whole = Buffer.alloc(6);
  whole.writeIntBE(value, 0, 6);
  let from = 0;
  // As short as it can be: the first nine bits must not all be equal (X.690 section 8.3).
  while (
    from < 5 &&
    ((whole[from] === 0 && (whole[from + 1] ?? 0) < 0x80) || (whole[from] === 0xff && (whole[from + 1] ?? 0) >= 0x80))
  )
    from++;
  return tlv(TAG.integer, whole.subarray(from));
}

function unsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function encodeOid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = arcsOf(text);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left % 128) | 0x80);
    return septets;
  });
  return tlv(TAG.oid, Buffer.from(octets));
}

/** Reads a request; undefined for anything else. */
function readRequest(bytes: Buffer): Request | undefined {
  const message = readTlv(bytes, 0);
  if (message?.tag !== TAG.sequence) return undefined;
  const [version, community, pdu] = children(message.body);
  if (version === undefined || community === undefined || pdu === undefined) return undefined;
  const [id, first, second, list] = children(pdu.body);
  if (id === undefined || first === undefined || second === undefined || list === undefined) return undefined;
  const oids = children(list.body).map(({ body }) => decodeOid(children(body)[0]?.body ?? Buffer.alloc(0)));
  return {
    version: number(version.body),
    community: community.body.toString('latin1'),
    pdu: pdu.tag,
    id: number(id.body),
    first: number(first.body),
    second: number(second.body),
    oids,
  };
}

interface Tlv {
  readonly tag: number;
  readonly body: Buffer;
  readonly end: number;
}

function readTlv(bytes: Buffer, at: number): Tlv | undefined {
  const [tag, short] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || short === undefined) return undefined;
  const extra = short < 0x80 ? 0 : short & 0x7f;
  if (extra > 3 || at + 2 + extra > bytes.length) return undefined;
  const length = extra === 0 ? short : bytes.readUIntBE(at + 2, extra);
  const from = at + 2 + extra;
  return from + length > bytes.length
    ? undefined
    : { tag, body: bytes.subarray(from, from + length), end: from + length };
}

function children(bytes: Buffer): Tlv[] {
  const out: Tlv[] = [];
  for (let next = readTlv(bytes, 0); next !== undefined; next = readTlv(bytes, next.end)) out.push(next);
  return out;
}

function number(body: Buffer): number {
  return body.length === 0 || body.length > 6 ? 0 : body.readIntBE(0, body.length);
}

function decodeOid(body: Buffer): string {
  const arcs: number[] = [];
  let value = 0;
  for (const octet of body) {
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

function arcsOf(oid: string): number[] {
  return oid.split('.').map(Number);
}

function compareArcs(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
