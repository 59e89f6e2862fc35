import { randomFillSync } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { BerError, BerReader } from '../ber/ber-reader';
import { berInteger, berOctets, berOid, berSequence, berValue } from '../ber/ber-writer';
import { VarbindReader } from '../ber/varbind-reader';
import type { SnmpVarbind } from '../snmp-record';
import { BACKOFF, type Exchange, type RequestOptions } from './exchange';
import { PDU_TAG } from './message-head';
import type { Channel, SharedSockets } from './shared-sockets';
import { errorStatus, SnmpRequestError } from './snmp-errors';

/** Whom a community is told to. */
export interface CommunityTarget {
  readonly address: string;
  readonly port: number;
  readonly version: 'v1' | 'v2c';
  readonly community: string;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** The request that waits for its answer. */
interface Waiting {
  readonly id: number;
  readonly oids: readonly string[];
  readonly resolve: (varbinds: SnmpVarbind[]) => void;
  readonly reject: (error: SnmpRequestError) => void;
}

const NULL = berValue(0x05);

/**
 * Versions 1 and 2c by our own codec: it costs half of what the library does, and these versions have nothing to encrypt
 * that could be done wrong. Layout (RFC 3416 section 3): SEQUENCE { version, community, PDU { request-id, error-status or
 * non-repeaters, error-index or max-repetitions, SEQUENCE of varbinds } }.
 */
export class CommunityExchange implements Exchange {
  readonly engineId = '';
  readonly #target: CommunityTarget;
  readonly #sockets: SharedSockets;
  #channel: Channel | undefined;
  #waiting: Waiting | undefined;

  constructor(target: CommunityTarget, sockets: SharedSockets) {
    this.#target = target;
    this.#sockets = sockets;
  }

  get(oids: readonly string[], options: RequestOptions): Promise<readonly SnmpVarbind[]> {
    return this.#ask(PDU_TAG.get, oids, 0, options);
  }

  async next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]> {
    const bulk = this.#target.version === 'v2c';
    const varbinds = await this.#ask(bulk ? PDU_TAG.getBulk : PDU_TAG.getNext, oids, bulk ? repetitions : 0, options);
    const columns = oids.map((): SnmpVarbind[] => []);
    for (let at = 0, column = 0; at < varbinds.length; at += 1) {
      columns[column]!.push(varbinds[at]!);
      column = column + 1 === oids.length ? 0 : column + 1;
    }
    return columns;
  }

  close(): void {
    this.#waiting?.reject(new SnmpRequestError('cancelled'));
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** `bulk`: max-repetitions, where the other PDUs have 0 for error-index. */
  #ask(pduTag: number, oids: readonly string[], bulk: number, options: RequestOptions): Promise<SnmpVarbind[]> {
    const { signal, context } = options;
    if (signal.aborted) return Promise.reject(new SnmpRequestError('cancelled'));
    const id = nextId();
    const bytes = this.#request(pduTag, id, oids, bulk, context);
    const channel = (this.#channel ??= this.#open());
    return new Promise((resolve, reject) => {
      const { timeoutMs, retries } = this.#target;
      let left = retries;
      let wait = timeoutMs;
      let timer: NodeJS.Timeout;
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        if (this.#waiting?.id === id) this.#waiting = undefined;
      };
      const fail = (error: SnmpRequestError): void => {
        over();
        reject(error);
      };
      const abort = (): void => fail(new SnmpRequestError('cancelled'));
      const send = (): void => {
        timer = setTimeout(() => (left-- > 0 ? send() : fail(new SnmpRequestError('timeout'))), wait);
        wait *= BACKOFF;
        channel.send(bytes, 0, bytes.length, 0, '', (error) => {
          if (error !== null && error !== undefined) fail(sendFailure(error));
        });
      };
      const answered = (varbinds: SnmpVarbind[]): void => {
        over();
        resolve(varbinds);
      };
      this.#waiting = { id, oids, resolve: answered, reject: fail };
      signal.addEventListener('abort', abort, { once: true });
      send();
    });
  }

  #request(pduTag: number, id: number, oids: readonly string[], bulk: number, context: string): Buffer {
    const { version, community } = this.#target;
    const list = berSequence(...oids.map((oid) => berSequence(berOid(oid), NULL)));
    const pdu = berValue(pduTag, berInteger(id), berInteger(0), berInteger(bulk), list);
    const indexed = Buffer.from(indexedCommunity(community, context), 'utf8');
    return berSequence(berInteger(version === 'v1' ? 0 : 1), berOctets(indexed), pdu);
  }

  #open(): Channel {
    const { address, port } = this.#target;
    const channel = this.#sockets.channel(address, port);
    channel.on('message', (bytes: Buffer, _peer: RemoteInfo) => this.#receive(bytes));
    return channel;
  }

  /** The guard of the shared sockets has passed it: version, community, PDU type and an id that waited are right. */
  #receive(bytes: Buffer): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    try {
      const varbinds = responseVarbinds(bytes, waiting);
      if (varbinds !== undefined) waiting.resolve(varbinds);
    } catch (error) {
      if (error instanceof SnmpRequestError) waiting.reject(error);
      else if (error instanceof BerError) waiting.reject(new SnmpRequestError('transport', 'unreadable answer'));
      else throw error;
    }
  }
}

/** Undefined for the late answer to an earlier request. Throws `SnmpRequestError` for an error status, `BerError`. */
function responseVarbinds(bytes: Buffer, { id, oids }: Waiting): SnmpVarbind[] | undefined {
  const message = new BerReader(bytes).enter(0x30);
  message.skip();
  message.skip();
  const pdu = message.enter(PDU_TAG.response);
  if (pdu.integer() !== id) return undefined;
  const status = pdu.integer();
  const index = pdu.integer();
  const list = pdu.enter(0x30);
  const varbinds = new VarbindReader(bytes).read(list.offset, pdu.offset, oids.length);
  if (status === 0) return varbinds;
  const blamed = varbinds[index - 1]?.[0] ?? oids[index - 1];
  throw new SnmpRequestError('agent_error', errorStatus(status), blamed);
}

function sendFailure(error: Error): SnmpRequestError {
  const { code } = error as NodeJS.ErrnoException;
  return new SnmpRequestError('transport', typeof code === 'string' ? code : 'request could not be made');
}

function indexedCommunity(community: string, context: string): string {
  if (context === '') return community;
  return `${community}@${context.startsWith('vlan-') ? context.slice(5) : context}`;
}

const ids = new Int32Array(256);
let idsUsed = ids.length;

/** A request-id that nobody who does not see our datagrams can guess: 31 random bits. */
function nextId(): number {
  if (idsUsed === ids.length) {
    randomFillSync(ids);
    idsUsed = 0;
  }
  return ids[idsUsed++]! & 0x7fff_ffff;
}
