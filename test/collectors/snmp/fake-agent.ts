import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { compareOids } from '../../../collectors/snmp/oid';
import { BerReader } from '../../../collectors/snmp/ber/ber-reader';
import { berInteger, berOctets, berOid, berSequence, berValue } from '../../../collectors/snmp/ber/ber-writer';
import { PDU_TAG, readMessageHead, type UsmHead } from '../../../collectors/snmp/adapter/message-head';
import { SNMP_TAG, type SnmpTag } from '../../../collectors/snmp/snmp-record';

/** A varbind of a fake agent: OID, tag, content octets. */
export type FakeVarbind = readonly [oid: string, tag: SnmpTag, content: Uint8Array];

/** A request as a fake agent reads it. */
export interface FakeRequest {
  readonly version: 0 | 1;
  readonly community: string;
  readonly pduTag: number;
  readonly id: number;
  readonly repetitions: number;
  readonly oids: readonly string[];
  readonly peer: RemoteInfo;
}

/** What goes into an answer when it is not the obvious. */
export interface FakeAnswer {
  readonly id?: number;
  readonly community?: string;
  readonly status?: number;
  readonly index?: number;
  readonly pduTag?: number;
  readonly version?: number;
}

/** An agent on a loopback port that answers as `behave` says; every test of a hostile agent is one function. */
export class FakeAgent {
  readonly requests: FakeRequest[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, behave: (request: FakeRequest, agent: FakeAgent) => void) {
    this.#socket = socket;
    socket.on('message', (bytes, peer) => {
      const request = readRequest(bytes, peer);
      if (request === undefined) return;
      this.requests.push(request);
      behave(request, this);
    });
  }

  static async open(behave: (request: FakeRequest, agent: FakeAgent) => void): Promise<FakeAgent> {
    return new FakeAgent(await boundSocket(), behave);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  send(request: FakeRequest, bytes: Uint8Array, from: Socket = this.#socket): void {
    from.send(bytes, request.peer.port, request.peer.address);
  }

  answer(request: FakeRequest, varbinds: readonly FakeVarbind[], how: FakeAnswer = {}): void {
    this.send(request, answerBytes(request, varbinds, how));
  }
}

/** A loopback socket on a port of the system's choice. */
export async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve);
  });
  return socket;
}

export function answerBytes(request: FakeRequest, varbinds: readonly FakeVarbind[], how: FakeAnswer = {}): Buffer {
  const pdu = berValue(
    how.pduTag ?? PDU_TAG.response,
    berInteger(how.id ?? request.id),
    berInteger(how.status ?? 0),
    berInteger(how.index ?? 0),
    varbindList(varbinds),
  );
  const community = berOctets(Buffer.from(how.community ?? request.community));
  return berSequence(berInteger(how.version ?? request.version), community, pdu);
}

export function varbindList(varbinds: readonly FakeVarbind[]): Buffer {
  return berSequence(...varbinds.map(([oid, tag, content]) => berSequence(berOid(oid), berValue(tag, content))));
}

function readRequest(bytes: Buffer, peer: RemoteInfo): FakeRequest | undefined {
  const head = readMessageHead(bytes);
  if (head === undefined || head.version === 3) return undefined;
  const message = new BerReader(bytes).enter(0x30);
  message.skip();
  message.skip();
  const pdu = message.enter(head.pduTag);
  const id = pdu.integer();
  pdu.integer();
  const repetitions = pdu.integer();
  const oids: string[] = [];
  for (const list = pdu.enter(0x30); !list.done;) oids.push(list.enter(0x30).oid());
  const { version, community, pduTag } = head;
  return { version, community, pduTag, id, repetitions, oids, peer };
}

/** Serves a table as RFC 3416 says, so that a test can spoil one thing. */
export class FakeTable {
  readonly #rows: readonly FakeVarbind[];

  constructor(rows: readonly FakeVarbind[]) {
    this.#rows = [...rows].sort(([a], [b]) => compareOids(a, b));
  }

  next(oid: string): FakeVarbind {
    return this.#rows.find(([candidate]) => compareOids(candidate, oid) > 0) ?? [oid, SNMP_TAG.endOfMibView, EMPTY];
  }

  /** GETNEXT or GETBULK. `limit` cuts the answer, as agents do. */
  successors(request: FakeRequest, limit = Infinity): readonly FakeVarbind[] {
    const found: FakeVarbind[] = [];
    let cursors = request.oids;
    const repetitions = request.pduTag === PDU_TAG.getBulk ? request.repetitions : 1;
    for (let turn = 0; turn < repetitions; turn += 1) {
      const row = cursors.map((oid) => this.next(oid));
      found.push(...row);
      cursors = row.map(([oid]) => oid);
    }
    return found.slice(0, limit);
  }
}

export const EMPTY = Buffer.alloc(0);

/** `count` rows in each column, values their row number. */
export function integerTable(roots: readonly string[], count: number): FakeVarbind[] {
  return roots.flatMap((root) =>
    Array.from({ length: count }, (_, row): FakeVarbind => {
      const content = Buffer.alloc(4);
      content.writeInt32BE(row + 1);
      return [`${root}.${row + 1}`, SNMP_TAG.integer, content];
    }),
  );
}

/** A v3 agent of engine `engineId` that answers discovery and leaves everything else to `behave`. */
export class FakeV3Agent {
  readonly requests: UsmHead[] = [];
  readonly engineId: Buffer;
  readonly #socket: Socket;

  private constructor(
    socket: Socket,
    engineId: Buffer,
    behave: (head: UsmHead, peer: RemoteInfo, agent: FakeV3Agent) => void,
  ) {
    this.#socket = socket;
    this.engineId = engineId;
    socket.on('message', (bytes, peer) => {
      const head = readMessageHead(bytes);
      if (head?.version !== 3) return;
      this.requests.push(head);
      if (head.engineId.length > 0) return behave(head, peer, this);
      const counter = varbindList([['1.3.6.1.6.3.15.1.1.4.0', SNMP_TAG.counter32, Buffer.from([1])]]);
      this.send(peer, usmBytes(head.id, 0, engineId, '', PDU_TAG.report, counter));
    });
  }

  static async open(
    engineId: Buffer,
    behave: (head: UsmHead, peer: RemoteInfo, agent: FakeV3Agent) => void,
  ): Promise<FakeV3Agent> {
    return new FakeV3Agent(await boundSocket(), engineId, behave);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  send(peer: RemoteInfo, bytes: Uint8Array): void {
    this.#socket.send(bytes, peer.port, peer.address);
  }
}

/** A v3 message without authentication and encryption, whatever its flags say. */
export function usmBytes(
  id: number,
  flags: number,
  engineId: Buffer,
  user: string,
  pduTag: number,
  varbinds: Buffer,
  digest: Buffer = EMPTY,
): Buffer {
  const global = berSequence(berInteger(id), berInteger(65_507), berOctets(Buffer.from([flags])), berInteger(3));
  const security = berSequence(
    berOctets(engineId),
    berInteger(1),
    berInteger(100),
    berOctets(Buffer.from(user)),
    berOctets(digest),
    berOctets(EMPTY),
  );
  const pdu = berValue(pduTag, berInteger(id), berInteger(0), berInteger(0), varbinds);
  const scoped = berSequence(berOctets(engineId), berOctets(EMPTY), pdu);
  return berSequence(berInteger(3), global, berOctets(security), scoped);
}
