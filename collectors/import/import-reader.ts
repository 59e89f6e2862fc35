import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { basename } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { RawFormat, RawOrigin, RawRecord } from '../contract';
import { endpointText } from '../udp/peer-address';
import { ArchiveFiles } from './archive/archive-files';
import { TarReader } from './archive/tar';
import { FileChunks, StreamChunks, type ByteChunks } from './byte-chunks';
import { ByteWindow } from './byte-window';
import type { CapturedPacket } from './captured-packet';
import { EsxiBundle } from './esxi/bundle';
import { logByContent, logPath, looksLikeLog } from './esxi/log-names';
import { logRecords } from './esxi/log-records';
import { fileKind, KIND_PREFIX_BYTES } from './file-kind';
import {
  ImportKindError,
  type DamagedMember,
  type FileKind,
  type ImportSummary,
  type ImportTruncated,
  type SkipReason,
} from './import-model';
import { UnpackedChunks } from './gunzip-chunks';
import { IpUdpReader } from './ip-udp';
import { networkLayer } from './link-layer';
import { readPayloads } from './payload-file';
import { payloadFormat } from './payload-choice';
import { readPcap } from './pcap';
import { readPcapng } from './pcapng';
import { hasPacketEntries, readEntries } from './packet-entries';
import { sessionListReader } from './sessions/session-list';
import { type SessionMessage, SessionMessages } from './sessions/session-messages';
import { readLines } from './text-lines';
import { type HeaderFields, readIpHeader } from './traffic/ip-header';
import { TrafficMeter } from './traffic/traffic-meter';

/** How to read a file. */
export interface ImportSettings {
  /** `RawOrigin.source` of the records: the file's name. */
  readonly source: string;
  /** Receive time of what carries no capture time: payload files, text lines, pcapng simple packets. */
  readonly receivedAt: number;
  /** Of captures, take only these UDP destination ports, and everything on them. */
  readonly ports?: ReadonlySet<number>;
  /** Captures hold traffic to be metered, not flow export or syslog. */
  readonly traffic?: boolean;
  /** Reads the content as this, whatever it looks like; captures are recognised all the same. */
  readonly assume?: 'flow_payload' | 'text' | 'log';
  /** IANA zone of times of a log file that name none. */
  readonly timezone?: string;
  /** Name of the host that log files and bundles are of, where they do not say. */
  readonly device?: string;
}

const ORIGINS = 8192;
const FILE_PIECE = 256 * 1024;
const MOST_DAMAGED = 100;

/**
 * Reads one file into raw records without holding it in memory. `records` may be taken once; `summary` is complete
 * when it has ended. A damaged file gives everything whole in it and then says in `summary.truncated` where and why
 * it ended.
 */
export class ImportReader {
  readonly #chunks: ByteChunks;
  readonly #window: ByteWindow;
  readonly #settings: ImportSettings;
  readonly #origins = new LRUCache<string, RawOrigin>({ max: ORIGINS });
  readonly #skipped = new Map<SkipReason, number>();
  readonly #ip = new IpUdpReader((reason) => this.#skip(reason));
  #kind: FileKind = 'text';
  #records = 0;
  #recordBytes = 0;
  #truncated: ImportTruncated | undefined;
  readonly #damaged: DamagedMember[] = [];
  /** Path of the log that the file is, once that is known. */
  #log = '';

  constructor(chunks: ByteChunks, settings: ImportSettings) {
    this.#chunks = chunks;
    this.#window = new ByteWindow(chunks);
    this.#settings = settings;
  }

  /** The records in the order of the file. Rejects with `ImportKindError` for a file that cannot be imported. Closes the file. */
  async *records(): AsyncGenerator<RawRecord, void> {
    try {
      await this.#window.fill(KIND_PREFIX_BYTES);
      const kind = this.#kindOf(this.#window.peek(Math.min(this.#window.available, KIND_PREFIX_BYTES)));
      this.#kind = kind;
      this.#truncated = yield* this.#content(kind);
    } finally {
      await this.#chunks.close();
    }
  }

  get summary(): ImportSummary {
    return {
      kind: this.#kind,
      records: this.#records,
      recordBytes: this.#recordBytes,
      skipped: new Map(this.#skipped),
      truncated: this.#truncated,
      damaged: [...this.#damaged],
    };
  }

  #kindOf(prefix: Uint8Array): FileKind {
    const { assume, source } = this.#settings;
    const kind = fileKind(prefix);
    if (kind === 'pcap' || kind === 'pcapng') return kind;
    if (assume === 'log') {
      this.#log = source;
      return 'esxi_log';
    }
    if (assume !== undefined) return assume;
    if (typeof kind === 'object') throw new ImportKindError(`${source} is ${kind.foreign}`);
    if (kind === 'text' && sessionListReader(textOf(prefix)) !== undefined) return 'session_list';
    if (kind === 'text') this.#log = logOf(source, prefix) ?? '';
    return this.#log === '' ? kind : 'esxi_log';
  }

  async *#content(kind: FileKind): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    switch (kind) {
      case 'pcap':
        return yield* this.#capture(readPcap(this.#window));
      case 'pcapng':
        return yield* this.#capture(readPcapng(this.#window));
      case 'flow_payload':
        return yield* this.#payloads();
      case 'text':
        return yield* this.#lines();
      case 'session_list':
        return yield* this.#sessions();
      case 'esxi_log':
        return yield* this.#logFile();
      case 'esxi_bundle':
        return yield* this.#bundle();
    }
  }

  async *#logFile(): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const window = this.#window;
    const { device = '', timezone = '' } = this.#settings;
    const records = logRecords(window.rest(), { file: this.#log, device, timezone });
    for (;;) {
      const { done, value } = await records.next();
      if (done === true) return value.damage === undefined ? undefined : { offset: value.bytes, ...value.damage };
      yield this.#record('logfile', '', this.#settings.receivedAt, value);
    }
  }

  async *#bundle(): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const skip = (reason: SkipReason): void => this.#skip(reason);
    const files = new ArchiveFiles(new TarReader(this.#window), skip);
    const damaged = (member: DamagedMember): void => {
      if (this.#damaged.length < MOST_DAMAGED) this.#damaged.push(member);
    };
    const records = new EsxiBundle(files, this.#settings.device ?? '', { skip, damaged }).records();
    for (;;) {
      const { done, value } = await records.next();
      if (done === true) {
        if (this.#records > 0 || value !== undefined) return value;
        throw new ImportKindError(`${this.#settings.source} is a tar archive without any log of an ESXi host`);
      }
      yield this.#record(value.format, '', this.#settings.receivedAt, value.bytes);
    }
  }

  async *#capture(
    packets: AsyncGenerator<CapturedPacket, ImportTruncated | undefined>,
  ): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    if (this.#settings.traffic === true) return yield* this.#metered(packets);
    let latest = this.#settings.receivedAt;
    for (;;) {
      const { done, value } = await packets.next();
      if (done === true) {
        this.#ip.finish();
        return value;
      }
      latest = value.timestamp ?? latest;
      const record = this.#fromPacket(value, latest);
      if (record !== undefined) yield record;
    }
  }

  /** Traffic becomes flow records. */
  async *#metered(
    packets: AsyncGenerator<CapturedPacket, ImportTruncated | undefined>,
  ): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const meter = new TrafficMeter();
    const messages = new SessionMessages();
    for (;;) {
      const { done, value } = await packets.next();
      if (done === true) {
        for (const session of meter.finish()) yield* this.#message(messages.add(session));
        for (const message of messages.finish()) yield* this.#message(message);
        return value;
      }
      const header = this.#headerOf(value);
      if (header === undefined) continue;
      const sessions = meter.add(header, value.timestamp ?? this.#settings.receivedAt);
      for (const session of sessions) yield* this.#message(messages.add(session));
    }
  }

  #headerOf(packet: CapturedPacket): HeaderFields | undefined {
    const at = networkLayer(packet);
    const header = typeof at === 'number' ? readIpHeader(packet.bytes, at, packet.originalLength) : at;
    if (typeof header === 'object') return header;
    this.#skip(header === 'too_short' ? 'cut_by_snaplen' : header);
    return undefined;
  }

  *#message(message: SessionMessage | undefined): Generator<RawRecord, void> {
    if (message !== undefined) yield this.#record('flow', '', message.receivedAt, message.bytes);
  }

  #fromPacket(packet: CapturedPacket, receivedAt: number): RawRecord | undefined {
    const cut = packet.originalLength > packet.bytes.length;
    const at = networkLayer(packet);
    if (typeof at === 'string') {
      this.#skip(at === 'too_short' ? (cut ? 'cut_by_snaplen' : 'malformed_packet') : at);
      return undefined;
    }
    const datagram = this.#ip.read(packet.bytes, at, cut, receivedAt);
    if (datagram === 'held') return undefined;
    if (typeof datagram === 'string') {
      this.#skip(datagram);
      return undefined;
    }
    const format = payloadFormat(datagram.payload, datagram.destinationPort, this.#settings.ports);
    if (format === undefined) {
      this.#skip('other_payload');
      return undefined;
    }
    const peer = endpointText(datagram.address, datagram.port);
    return this.#record(format, peer, receivedAt, datagram.payload);
  }

  async *#payloads(): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const payloads = readPayloads(this.#window);
    for (;;) {
      const { done, value } = await payloads.next();
      if (done === true) return value;
      yield this.#record('flow', '', this.#settings.receivedAt, value);
    }
  }

  async *#lines(): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const window = this.#window;
    const prefix = window.peek(Math.min(window.available, KIND_PREFIX_BYTES));
    const lines = hasPacketEntries(prefix) ? readEntries(window) : readLines(window);
    for (;;) {
      const { done, value } = await lines.next();
      if (done === true) return value;
      if (value.isCut) this.#skip('line_cut');
      if (value.bytes.length === 0) this.#skip('empty_line');
      else yield this.#record('syslog', '', this.#settings.receivedAt, value.bytes);
    }
  }

  /** Sessions become flow records: their lists are received when they know of the latest. */
  async *#sessions(): AsyncGenerator<RawRecord, ImportTruncated | undefined> {
    const window = this.#window;
    const read = sessionListReader(textOf(window.peek(Math.min(window.available, KIND_PREFIX_BYTES))));
    const messages = new SessionMessages();
    const lines = readLines(window);
    for (let isHead = true; ; isHead = false) {
      const { done, value } = await lines.next();
      if (done === true) {
        for (const message of messages.finish()) yield* this.#message(message);
        return value;
      }
      const text = textOf(value.bytes);
      const session = value.isCut ? undefined : read?.(text);
      if (session !== undefined && messages.takes(session)) {
        yield* this.#message(messages.add(session));
      } else if (!isHead && !text.startsWith('#')) this.#skip(value.isCut ? 'line_cut' : 'no_session');
    }
  }

  #record(format: RawFormat, peer: string, receivedAt: number, bytes: Uint8Array): RawRecord {
    this.#records += 1;
    this.#recordBytes += bytes.length;
    return { origin: this.#origin(format, peer), receivedAt, bytes };
  }

  #origin(format: RawFormat, peer: string): RawOrigin {
    const key = `${format} ${peer}`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const made = Object.freeze({ collector: 'import', source: this.#settings.source, peer, format });
    this.#origins.set(key, made);
    return made;
  }

  #skip(reason: SkipReason): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The log of an ESXi host that a text file is, by its content, or by its name where the content does not deny it. */
function logOf(source: string, prefix: Uint8Array): string | undefined {
  const text = textOf(prefix);
  const named = logPath(basename(source));
  const shown = logByContent(text);
  if (shown !== undefined) return named ?? logPath(`${shown}.log`);
  return named !== undefined && looksLikeLog(text) ? named : undefined;
}

/**
 * Opens a file for import, gzip-compressed or not. What carries no capture time gets `receivedAt`, by default the
 * file's time of change: the latest at which its content can have been written. Rejects with the system's error.
 */
export async function openImport(path: string, settings: Partial<ImportSettings> = {}): Promise<ImportReader> {
  const handle = await open(path, 'r');
  try {
    const { mtimeMs } = await handle.stat();
    // A folder can be opened, but the first read fails: better here than as a damaged file.
    await handle.read(new Uint8Array(1), 0, 1, 0);
    const chunks = new UnpackedChunks(new FileChunks(handle, FILE_PIECE));
    return new ImportReader(chunks, { source: path, receivedAt: Math.floor(mtimeMs), ...settings });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a stream, standard input say, as `openImport` reads a file. */
export function importStream(stream: Readable, settings: ImportSettings): ImportReader {
  return new ImportReader(new UnpackedChunks(new StreamChunks(stream)), settings);
}
