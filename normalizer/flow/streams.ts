import { canonicalAddress } from '../model/address';
import type { FlowStream } from '../model/flow-batch';
import type { DeviceSettings, SettingsFor } from '../settings';
import { ExporterOptions } from './exporter-options';
import type { FlowLimits } from './limits';
import { SequenceTracker } from './sequence';
import { TemplateGroup, TemplateStore, type Tally } from './template-store';

/** Everything known of one sender's export process. */
export class Stream {
  readonly sequence: SequenceTracker;
  /** Set with every datagram, cleared when the table looks for something to drop. */
  touched = true;
  /** Header of the last datagram: uptime (NaN: not told), and when that was received. */
  lastUptime = Number.NaN;
  restartedAt = 0;
  /** Journal position of the last datagram. */
  lastSeq = 0;
  /** Options of the exporter as a whole, as looked up when there were `wholeAt` changes of option tables. */
  whole: ExporterOptions | undefined;
  wholeAt = -1;
  /** Sets given up since the last gap fact, and when the earliest of them came. */
  givenUp = 0;
  givenUpSince = 0;

  constructor(
    readonly key: string,
    readonly id: FlowStream,
    readonly device: string,
    readonly settings: DeviceSettings,
    readonly templates: TemplateStore,
    readonly options: ExporterOptions,
  ) {
    this.sequence = new SequenceTracker(id.version);
  }

  /** Sets that came then will not be read any more. */
  giveUp(sets: number, receivedAt: number): void {
    if (sets === 0) return;
    this.givenUpSince = this.givenUp === 0 ? receivedAt : Math.min(this.givenUpSince, receivedAt);
    this.givenUp += sets;
  }
}

const MOST_ALIASES = 4096;

interface Peer {
  readonly address: string;
  readonly port: number;
  readonly settings: DeviceSettings;
  readonly streams: Map<number, Stream>;
  last: Stream | undefined;
}

/** The streams, found by who sent a datagram and what its header says. Bounded: a forged source costs an unused one its place. */
export class StreamTable {
  readonly #peers = new Map<string, Peer>();
  /** Other spellings of peers, such as the IPv4-mapped ones of a dual-stack socket. */
  readonly #aliases = new Map<string, Peer>();
  /** In the order of arrival, which is the order of search for what to drop. */
  readonly #streams = new Map<string, Stream>();
  readonly #groups = new Map<string, TemplateGroup>();
  readonly #options = new Map<string, { readonly options: ExporterOptions; streams: number }>();
  /** The number the next exporter gets. */
  numbers = 1;
  /** Rises when an option table comes or goes. */
  #optionTables = 0;
  readonly #tally: Tally = { templates: 0, templateBytes: 0, options: 0 };

  constructor(
    readonly limits: FlowLimits,
    readonly settingsFor: SettingsFor,
    /** Told of a stream before it is forgotten. */
    readonly dropped: (stream: Stream) => void,
  ) {}

  get size(): number {
    return this.#streams.size;
  }

  /** Templates held in all. */
  get templates(): number {
    return this.#tally.templates;
  }

  values(): IterableIterator<Stream> {
    return this.#streams.values();
  }

  byKey(key: string): Stream | undefined {
    return this.#streams.get(key);
  }

  /** The stream of a datagram, made if it is new. */
  get(peerText: string, version: number, domain: number): Stream {
    const peer = this.#peer(peerText);
    const { last } = peer;
    const id = version * 0x1_0000_0000 + domain;
    if (last !== undefined && last.id.domain === domain && last.id.version === version) {
      last.touched = true;
      return last;
    }
    const stream = peer.streams.get(id) ?? this.#open(peer, id, version, domain);
    stream.touched = true;
    peer.last = stream;
    return stream;
  }

  /** Canonical address of a peer and the settings of its device, without making a stream. */
  sender(peerText: string): { address: string; settings: DeviceSettings } {
    const known = this.#peers.get(peerText);
    if (known !== undefined) return known;
    const { address } = parsePeer(peerText);
    return { address, settings: this.settingsFor(address) };
  }

  /** Drops unused streams until there is room for one more template. */
  makeRoom(): void {
    const { templates, templateBytes } = this.limits;
    while (this.#streams.size > 1) {
      if (this.#tally.templates < templates && this.#tally.templateBytes < templateBytes) return;
      this.#dropOne();
    }
  }

  /** Options of the exporter as a whole: those of domain 0 (RFC 7011 section 3.1). */
  wholeExporter(stream: Stream): ExporterOptions | undefined {
    if (stream.wholeAt === this.#optionTables) return stream.whole;
    const { exporter, version, domain } = stream.id;
    stream.wholeAt = this.#optionTables;
    stream.whole = domain === 0 ? undefined : this.#options.get(`${exporter} 0 ${version}`)?.options;
    return stream.whole;
  }

  restore(id: FlowStream): Stream {
    return this.get(peerText(id.exporter, id.port), id.version, id.domain);
  }

  /** The exporter has restarted and numbers its connections anew: those it had are no longer its. */
  renumber({ options }: Stream): void {
    options.number = this.#number();
  }

  /** Numbers are used again after a million exporters; the connections of the first are long forgotten then. */
  #number(): number {
    const number = this.numbers;
    this.numbers = (number % 0xf_ffff) + 1;
    return number;
  }

  #peer(text: string): Peer {
    const known = this.#peers.get(text) ?? this.#aliases.get(text);
    if (known !== undefined) return known;
    const sender = parsePeer(text);
    const canonical = peerText(sender.address, sender.port);
    let peer = this.#peers.get(canonical);
    if (peer === undefined) {
      peer = { ...sender, settings: this.settingsFor(sender.address), streams: new Map(), last: undefined };
      this.#peers.set(canonical, peer);
    }
    if (canonical !== text) {
      if (this.#aliases.size >= MOST_ALIASES) this.#aliases.clear();
      this.#aliases.set(text, peer);
    }
    return peer;
  }

  #open(peer: Peer, numericId: number, version: number, domain: number): Stream {
    if (this.#streams.size >= this.limits.streams) this.#dropOne();
    const id: FlowStream = { exporter: peer.address, port: peer.port, domain, version };
    const groupKey = `${id.exporter} ${domain} ${version}`;
    let group = this.#groups.get(groupKey);
    if (group === undefined) this.#groups.set(groupKey, (group = new TemplateGroup()));
    let shared = this.#options.get(groupKey);
    if (shared === undefined) {
      shared = { options: new ExporterOptions(this.limits, this.#tally, this.#number()), streams: 0 };
      this.#options.set(groupKey, shared);
      this.#optionTables++;
    }
    shared.streams++;
    const stream = new Stream(
      streamKey(id),
      id,
      peer.settings.name ?? peer.address,
      peer.settings,
      new TemplateStore(streamKey(id), version, group, this.limits, this.#tally),
      shared.options,
    );
    // Making room may have dropped the peer with its last stream.
    this.#peers.set(peerText(id.exporter, id.port), peer);
    peer.streams.set(numericId, stream);
    this.#streams.set(stream.key, stream);
    return stream;
  }

  /** Second chance: of the oldest streams the first that was not used since it was last looked at. */
  #dropOne(): void {
    for (let looks = 0; looks < 64; looks++) {
      const [oldest] = this.#streams.values();
      if (oldest === undefined) return;
      this.#streams.delete(oldest.key);
      if (oldest.touched && looks < 63 && this.#streams.size > 0) {
        oldest.touched = false;
        this.#streams.set(oldest.key, oldest);
        continue;
      }
      this.#forget(oldest);
      return;
    }
  }

  #forget(stream: Stream): void {
    this.dropped(stream);
    stream.templates.leave();
    const { id } = stream;
    const groupKey = `${id.exporter} ${id.domain} ${id.version}`;
    if (stream.templates.group.members.size === 0) this.#groups.delete(groupKey);
    const shared = this.#options.get(groupKey);
    if (shared !== undefined && --shared.streams === 0) {
      shared.options.release();
      this.#options.delete(groupKey);
      this.#optionTables++;
    }
    this.#aliases.clear();
    const text = peerText(id.exporter, id.port);
    const peer = this.#peers.get(text);
    if (peer === undefined) return;
    peer.streams.delete(id.version * 0x1_0000_0000 + id.domain);
    if (peer.last === stream) peer.last = undefined;
    if (peer.streams.size === 0) this.#peers.delete(text);
  }
}

/** `192.0.2.1 2055 0 9`: address, port, domain, version. */
export function streamKey({ exporter, port, domain, version }: FlowStream): string {
  return `${exporter} ${port} ${domain} ${version}`;
}

/** Address and port of a peer as the kernel names it; what is not an address stands for itself, with port 0. */
export function parsePeer(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  const host = colon < 0 ? text : text.slice(0, colon);
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const address = canonicalAddress(bare);
  if (address === undefined) return { address: canonicalAddress(text) ?? text, port: 0 };
  const port = Number(text.slice(colon + 1));
  return { address, port: Number.isInteger(port) && port >= 0 && port <= 0xffff ? port : 0 };
}

function peerText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
