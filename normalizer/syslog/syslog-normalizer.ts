import type { RawFormat, StoredRecord } from '../../collectors/contract';
import { NormalizerStateError, type FactSink, type Normalizer } from '../contract';
import { firstTold } from '../esxi/facts/told-facts';
import { EsxiMemory } from '../esxi/state/esxi-memory';
import { canonicalAddress } from '../model/address';
import type { Fact, FactBase } from '../model/facts';
import type { DeviceSettings, SettingsFor } from '../settings';
import { AskedNames, type AskedNamesState } from './asked-names';
import type { SyslogContext, SyslogMessage, VendorParser } from './contract';
import { parseHeader } from './header/parse-header';
import { pattern } from './patterns';
import { VENDORS } from './registry';
import { recordOf, VMWARE_ESXI } from './vendors/vmware-esxi';
import { syslogHeader } from './syslog-header';
import { SequenceGaps, type SequenceState } from './sequence-gaps';
import { isSessionEnd, SessionJoin, type SessionJoinState } from './session-join';
import { SyslogTally, type SyslogCounters } from './syslog-tally';

const STATE_VERSION = 2;
/** Peers whose parsed address is kept. */
const MAX_PEERS = 10_000;

interface State {
  readonly version: number;
  readonly sequences: SequenceState;
  readonly sessions: SessionJoinState;
  /** Absent in snapshots that were made before names were read. */
  readonly asked?: AskedNamesState;
}

/** A message with what the normalizer found out about its sender. */
export interface ReadSyslog {
  readonly message: SyslogMessage;
  readonly settings: DeviceSettings;
  readonly device: string;
  readonly peerAddress: string;
}

/**
 * Syslog messages to facts: header grammar, then the device, then the vendor (by profile, else the first of the registry
 * that recognizes the message), then what takes several messages: sequence gaps and joined sessions. A message of no
 * known vendor gives no fact, only a count; one that no grammar knows either is `Rejected`.
 */
export class SyslogNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[] = ['syslog'];
  readonly #settingsFor: SettingsFor;
  readonly #vendors: readonly VendorParser[];
  readonly #profiles: ReadonlyMap<string, VendorParser>;
  readonly #peers = new Map<string, string>();
  readonly #gaps = new SequenceGaps();
  readonly #sessions = new SessionJoin();
  readonly #asked = new AskedNames();
  readonly #tally = new SyslogTally();
  readonly #esxi: EsxiMemory;

  /** `esxi`: what is known of ESXi hosts, shared with the reader of their files, in whose snapshot it is kept. */
  constructor(settingsFor: SettingsFor, vendors: readonly VendorParser[] = VENDORS, esxi = new EsxiMemory()) {
    this.#settingsFor = settingsFor;
    this.#esxi = esxi;
    this.#vendors = vendors;
    this.#profiles = new Map(vendors.map((vendor) => [vendor.name, vendor]));
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    const read = this.read(record);
    const { message, settings } = read;
    this.#tally.message(message);
    const vendor = this.#vendorOf(message, settings);
    const base = baseOf(record, read, vendor?.name ?? 'syslog');
    if (message.sequence !== undefined) this.#takeSequence(read, base, record.receivedAt, sink);
    if (vendor === undefined) this.#withoutVendor(record, message, base, sink);
    else this.#parse(vendor, record, read, base, sink);
    if (message.repeat > 1) this.#repeated(message, base, sink);
  }

  /** Header and sender of a record, as `normalize` sees them. Changes nothing. */
  read(record: StoredRecord): ReadSyslog {
    const { receivedAt, bytes, origin } = record;
    const peerAddress = this.#addressOf(origin.peer);
    let settings = this.#settingsFor(peerAddress);
    let message = parseHeader(bytes, { receivedAt, timezone: settings.timezone });
    let { name } = settings;
    if (settings.relay === true && message.hostname !== undefined) {
      const behind = this.#settingsFor(canonicalAddress(message.hostname) ?? message.hostname);
      if (behind.timezone !== undefined && behind.timezone !== settings.timezone) {
        message = parseHeader(bytes, { receivedAt, timezone: behind.timezone });
      }
      ({ name } = behind);
      settings = { ...settings, ...behind };
    }
    const device = name ?? chassisName(message.hostname) ?? (peerAddress === '' ? origin.source : peerAddress);
    return { message, settings, device, peerAddress };
  }

  /** Counts since construction. */
  counters(): SyslogCounters {
    return this.#tally.counters(this.#sessions.size);
  }

  takeReplays(): readonly number[] {
    return [];
  }

  replay(): void {
    // Nothing waits for later messages: `takeReplays` names no record.
  }

  snapshot(): Uint8Array {
    const state: State = {
      version: STATE_VERSION,
      sequences: this.#gaps.state(),
      sessions: this.#sessions.state(),
      asked: this.#asked.state(),
    };
    return Buffer.from(JSON.stringify(state));
  }

  restore(snapshot: Uint8Array): void {
    const state = readState(snapshot);
    this.#gaps.restore(state.sequences);
    this.#sessions.restore(state.sessions);
    this.#asked.restore(state.asked ?? []);
  }

  #vendorOf(message: SyslogMessage, settings: DeviceSettings): VendorParser | undefined {
    const profiled = settings.profile === undefined ? undefined : this.#profiles.get(settings.profile);
    if (profiled !== undefined) return profiled;
    for (const vendor of this.#vendors) if (vendor.recognizes(message)) return vendor;
    return undefined;
  }

  #parse(vendor: VendorParser, record: StoredRecord, read: ReadSyslog, base: FactBase, sink: FactSink): void {
    const { message, settings, peerAddress } = read;
    const context: SyslogContext = {
      base,
      receivedAt: record.receivedAt,
      settings,
      peerAddress,
      asked: this.#asked,
      counter: (kind, value) =>
        this.#count(`${base.device}\n${kind}`, base.device, kind, value, base, record.receivedAt, sink),
    };
    let facts: Fact[];
    try {
      facts = vendor.parse(message, context);
      if (vendor === VMWARE_ESXI) facts = this.#firstOfHost(facts, read, base);
    } catch (error) {
      // A parser's fault must not stop the others' messages; the bytes are in the journal.
      const detail = `${vendor.name}: ${error instanceof Error ? error.message : String(error)}`;
      this.#tally.rejected('syslog_vendor_fault');
      sink.fact({ ...base, fact: 'rejected', reason: 'syslog_vendor_fault', detail });
      return;
    }
    this.#tally.vendor(vendor.name, facts.length);
    for (const fact of facts) sink.fact(withRepeat(this.#joined(fact, record.receivedAt), message.repeat));
  }

  /** An ESXi host's files may have told it already. */
  #firstOfHost(facts: readonly Fact[], { message, peerAddress }: ReadSyslog, base: FactBase): Fact[] {
    const device = this.#esxi.deviceOf(base.device, message.hostname ?? '', peerAddress);
    const host = this.#esxi.peek(device);
    const record = recordOf(message);
    return firstTold(facts, { source: 'syslog', record, base, ms: message.timestamp, device, host }, this.#esxi);
  }

  #joined(fact: Fact, receivedAt: number): Fact {
    if (fact.fact !== 'session_log') return fact;
    const joined = this.#sessions.join(fact, receivedAt);
    if (joined !== fact) this.#tally.joined++;
    else if (isSessionEnd(fact) && fact.directionSource === 'unknown') this.#tally.unjoined++;
    return joined;
  }

  #withoutVendor(record: StoredRecord, message: SyslogMessage, base: FactBase, sink: FactSink): void {
    if (message.grammar !== 'bare') {
      if (message.repeat === 1) this.#tally.unrecognized++;
      return;
    }
    const reason = rejectionOf(record.bytes, message);
    this.#tally.rejected(reason);
    sink.fact({ ...base, fact: 'rejected', reason, offset: 0 });
  }

  /** `last message repeated N times` says nothing but its count; a repeated text has it on its facts. */
  #repeated(message: SyslogMessage, base: FactBase, sink: FactSink): void {
    this.#tally.repeats += message.repeat - 1;
    if (!message.content.startsWith('last message repeated ')) return;
    sink.fact({
      ...base,
      fact: 'event',
      category: 'host',
      action: 'message_repeated',
      extra: { repeat: message.repeat },
    });
  }

  #takeSequence(
    { message, peerAddress, device, settings }: ReadSyslog,
    base: FactBase,
    at: number,
    sink: FactSink,
  ): void {
    const ios = message.sequence?.get('ios');
    if (ios !== undefined) this.#count(`${device}\nios`, device, 'ios', ios, base, at, sink);
    // A relay that numbers what it sends and one that passes on others' numbers look the same.
    const meta = settings.relay === true ? undefined : message.sequence?.get('meta');
    if (meta === undefined) return;
    this.#count(`${peerAddress}\nmeta`, message.hostname ?? device, 'meta', meta, base, at, sink);
  }

  #count(key: string, name: string, kind: string, value: number, base: FactBase, at: number, sink: FactSink): void {
    if (!Number.isSafeInteger(value) || value < 0) return;
    for (const loss of this.#gaps.take(key, name, value, at)) {
      this.#tally.gap(loss.missing ?? 0);
      const missing = loss.missing === undefined ? {} : { missing: BigInt(loss.missing) };
      const { kind: what, since } = loss;
      const detail = `${kind} ${loss.detail}`;
      sink.fact({ ...base, parser: 'syslog', fact: 'gap', kind: what, ...missing, unit: 'messages', since, detail });
    }
  }

  #addressOf(peer: string): string {
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    const address = peerAddressOf(peer);
    if (this.#peers.size >= MAX_PEERS) this.#peers.clear();
    this.#peers.set(peer, address);
    return address;
  }
}

function baseOf({ seq }: StoredRecord, { message, device }: ReadSyslog, parser: string): FactBase {
  const syslog = syslogHeader(message);
  return { rawSeq: seq, observedAt: message.timestamp, timeQuality: message.timeQuality, device, parser, syslog };
}

function withRepeat(fact: Fact, repeat: number): Fact {
  if (repeat === 1 || (fact.fact !== 'event' && fact.fact !== 'session_log')) return fact;
  return { ...fact, extra: { ...fact.extra, repeat } };
}

const ROUTING_ENGINE = pattern('syslog_routing_engine', /^re[01][.-](?=[A-Za-z])/);

/** Junos names the routing engine before the router (`re0.edge1`): whichever is master, it is one device. */
function chassisName(hostname: string | undefined): string | undefined {
  const prefix = hostname === undefined ? null : ROUTING_ENGINE.exec(hostname);
  return prefix === null ? hostname : hostname?.slice(prefix[0].length);
}

/** Canonical address of `192.0.2.1:514` or `[2001:db8::1]:514`; the text as it is when it holds none. */
export function peerAddressOf(peer: string): string {
  const colon = peer.lastIndexOf(':');
  if (colon < 0) return canonicalAddress(peer) ?? peer;
  const host = peer.startsWith('[') ? peer.slice(1, peer.indexOf(']')) : peer.slice(0, colon);
  return canonicalAddress(host) ?? canonicalAddress(peer) ?? peer;
}

/** `syslog_empty`; `syslog_binary`: control characters among the first; `syslog_no_grammar`: text of no known form. */
function rejectionOf(bytes: Uint8Array, { content }: SyslogMessage): string {
  if (content === '') return 'syslog_empty';
  const front = Math.min(bytes.length, 64);
  for (let i = 0; i < front; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) return 'syslog_binary';
  }
  return 'syslog_no_grammar';
}

function readState(snapshot: Uint8Array): State {
  let state: unknown;
  try {
    state = JSON.parse(Buffer.from(snapshot).toString('utf8'));
  } catch (cause) {
    throw new NormalizerStateError('the syslog snapshot is not JSON', { cause });
  }
  if (typeof state !== 'object' || state === null || !('version' in state) || state.version !== STATE_VERSION) {
    throw new NormalizerStateError('the syslog snapshot has another format version');
  }
  return state as State;
}
