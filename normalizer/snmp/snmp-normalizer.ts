import type { RawFormat, StoredRecord } from '../../collectors/contract';
import type { FactSink, Normalizer } from '../contract';
import type { Fact, FactBase } from '../model/facts';
import type { DeviceSettings, SettingsFor } from '../settings';
import { peerAddressOf } from '../syslog/syslog-normalizer';
import type { TableName } from './built-in.data';
import { Catalogue } from './catalogue';
import { Decoding } from './decoding';
import { DeviceState, type Need, type Waiting } from './device-state';
import { DeviceStates } from './device-states';
import { readRecord, type Notification, type TableRead } from './record';
import { SnmpTally, type SnmpCounters } from './snmp-tally';
import { TableRows } from './table-rows';
import { decodeNeighbours, decodeOwnAddresses } from './tables/addresses';
import { decodeBridgePorts, decodeForwarding, decodeVlans } from './tables/bridge';
import { decodeConfigChanges } from './tables/config-change';
import { decodeEntities, decodeEntityPorts } from './tables/entity';
import { decodeInterfaces } from './tables/interfaces';
import { decodePolicyUse } from './tables/policy-use';
import { decodeRoutes } from './tables/routes';
import { decodeSessions } from './tables/sessions';
import { decodeProcesses, decodeSockets } from './tables/sockets';
import { decodeSystem } from './tables/system';
import { decodeLldpPorts, decodeLldpSelf, decodeManagementAddresses, decodeTopology } from './tables/topology';
import { decodeTunnels } from './tables/tunnels';
import { decodeVpnUsers } from './tables/vpn-users';
import { decodeHypervisor, decodeVmAdapters, decodeVms } from './tables/vmware';
import { decodeTrap } from './traps';

/** In this order: what names things comes before what uses the names. */
const DECODERS: readonly ((decoding: Decoding) => void)[] = [
  decodeSystem,
  decodeInterfaces,
  decodeBridgePorts,
  decodeVlans,
  decodeLldpSelf,
  decodeLldpPorts,
  decodeManagementAddresses,
  decodeProcesses,
  decodeHypervisor,
  decodeVms,
  decodeEntities,
  decodeEntityPorts,
  decodeOwnAddresses,
  decodeNeighbours,
  decodeForwarding,
  decodeTopology,
  decodeVmAdapters,
  decodeSockets,
  decodeRoutes,
  decodeTunnels,
  decodeVpnUsers,
  decodePolicyUse,
  decodeSessions,
  decodeConfigChanges,
];
/** Those whose tables may wait for a map. */
const WAITING_DECODERS: readonly ((decoding: Decoding) => void)[] = [
  decodeForwarding,
  decodeTopology,
  decodeVmAdapters,
];

/** What an `SnmpNormalizer` is made of. */
export interface SnmpNormalizerOptions {
  readonly settingsFor: SettingsFor;
  /** Names of objects; the built-in catalogue unless given. */
  readonly catalogue?: Catalogue;
}

/**
 * SNMP records to facts: table reads to bindings and inventory, notifications to events. Tables that are only readable
 * with another (bridge ports need the port map, LLDP ports their names) wait for it through `takeReplays`, for an hour;
 * after that they are read with what there is. A device is known by its configured name, else by the name it is polled under
 * (its traps too), else by its address.
 *
 * Bindings, key ↔ value: `ip-device` address ↔ device; `ip-mac` address ↔ MAC address; `mac-switchport` MAC address ↔
 * `DEVICE:PORT`; `port-neighbour` `DEVICE:PORT` ↔ `NEIGHBOUR:PORT` (the port where it is stated); `vm-host` display name
 * ↔ device; `mac-vnic` MAC address ↔ `UUID/ADAPTER`; `vnic-vm` `UUID/ADAPTER` ↔ display name; `socket-process`
 * `TCP:LOCAL:PORT>REMOTE:PORT` ↔ process number. PORT is ifName, else ifDescr, else `#` and the ifIndex. Each read
 * states what it saw anew; an event `table_read` says that the whole table was seen, a gap `incomplete_read` that it was not.
 */
export class SnmpNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[] = ['snmp'];
  readonly #settingsFor: SettingsFor;
  readonly #catalogue: Catalogue;
  readonly #devices = new DeviceStates();
  readonly #tally = new SnmpTally();
  /** Records that can be read now, with the tables to read of each. */
  #ready = new Map<number, TableName[]>();

  constructor({ settingsFor, catalogue = new Catalogue() }: SnmpNormalizerOptions) {
    this.#settingsFor = settingsFor;
    this.#catalogue = catalogue;
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    const read = readRecord(record.bytes);
    const sender = this.#senderOf(record, typeof read !== 'string' && read.kind === 'table');
    const counted = (fact: Fact): void => {
      this.#tally.fact(fact);
      sink.fact(fact);
    };
    if (typeof read === 'string') {
      counted({ ...sender.base, fact: 'rejected', reason: read });
      return;
    }
    this.#tally.record(read);
    if (read.malformed > 0) {
      const detail = `${read.malformed} of ${read.varbinds.length + read.malformed}`;
      counted({ ...sender.base, fact: 'rejected', reason: 'snmp_bad_varbind', detail });
    }
    guarded(sender.base, counted, () => {
      if (read.kind === 'trap') this.#trap(read, record, sender, counted);
      else this.#table(read, record, sender, counted);
    });
  }

  takeReplays(): readonly number[] {
    return [...this.#ready.keys()];
  }

  replay(record: StoredRecord, sink: FactSink): void {
    const tables = this.#ready.get(record.seq);
    this.#ready.delete(record.seq);
    const read = readRecord(record.bytes);
    if (tables === undefined || typeof read === 'string' || read.kind !== 'table') return;
    const sender = this.#senderOf(record, true);
    const counted = (fact: Fact): void => {
      this.#tally.fact(fact);
      sink.fact(fact);
    };
    this.#tally.replayed++;
    guarded(sender.base, counted, () => {
      const rows = new TableRows(this.#catalogue, read.varbinds);
      for (const table of tables) {
        const decoding = this.#decoding(read, rows, record, sender, counted, table);
        for (const decode of WAITING_DECODERS) decode(decoding);
        refusals(decoding, counted);
      }
    });
  }

  /** Counts since construction. */
  counters(): SnmpCounters {
    return this.#tally.counters(this.#devices.size);
  }

  snapshot(): Uint8Array {
    return this.#devices.snapshot([...this.#ready]);
  }

  restore(snapshot: Uint8Array): void {
    this.#ready = new Map(this.#devices.restore(snapshot));
  }

  #table(read: TableRead, record: StoredRecord, sender: Sender, sink: (fact: Fact) => void): void {
    const rows = new TableRows(this.#catalogue, read.varbinds);
    this.#tally.varbinds(read.varbinds.length, rows);
    const decoding = this.#decoding(read, rows, record, sender, sink);
    for (const decode of DECODERS) decode(decoding);
    refusals(decoding, sink);
    completeness(read, sender.base, sink);
  }

  #trap(trap: Notification, { receivedAt }: StoredRecord, sender: Sender, sink: (fact: Fact) => void): void {
    const { base, settings, device } = sender;
    for (const fact of decodeTrap(trap, { base, settings, receivedAt, device, catalogue: this.#catalogue })) sink(fact);
  }

  #decoding(
    read: TableRead,
    rows: TableRows,
    { seq, receivedAt }: StoredRecord,
    { device, base, settings }: Sender,
    sink: (fact: Fact) => void,
    only?: TableName,
  ): Decoding {
    const make = (waiting: readonly Waiting[]): void => {
      for (const { seq: older, table } of waiting) this.#ready.set(older, [...(this.#ready.get(older) ?? []), table]);
    };
    const waitFor = (need: Need, table: TableName): boolean => {
      const answer = device.wait(seq, need, table, receivedAt);
      if (answer === 'waits') this.#tally.waited++;
      if (answer === 'expired') make(device.release(need));
      return answer === 'waits';
    };
    const satisfied = (need: Need): void => make(device.arrived(need));
    return new Decoding(read, rows, device, base, settings, receivedAt, waitFor, satisfied, sink, only);
  }

  /** Only a device that we asked gets a state that is kept. */
  #senderOf({ seq, receivedAt, origin }: StoredRecord, polled: boolean): Sender {
    const address = peerAddressOf(origin.peer);
    const settings = this.#settingsFor(address);
    const key = address === '' ? origin.source : address;
    const device = polled ? this.#devices.of(key) : (this.#devices.peek(key) ?? new DeviceState());
    if (polled) device.name = origin.source;
    const name = settings.name ?? (device.name || key);
    const base = {
      rawSeq: seq,
      observedAt: receivedAt,
      timeQuality: 'from_receipt',
      device: name,
      parser: 'snmp',
    } as const;
    return { base, settings, device };
  }
}

interface Sender {
  readonly base: FactBase;
  readonly settings: DeviceSettings;
  readonly device: DeviceState;
}

/** A decoder's fault must not stop the other records; the bytes are in the journal. */
function guarded(base: FactBase, sink: (fact: Fact) => void, decode: () => void): void {
  try {
    decode();
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
    sink({ ...base, fact: 'rejected', reason: 'snmp_fault', detail });
  }
}

/** Rows that were not read: one fact per reason. */
function refusals({ base, refused, read }: Decoding, sink: (fact: Fact) => void): void {
  for (const [reason, { count, first }] of refused) {
    sink({ ...base, fact: 'rejected', reason, detail: `${read.table}: ${count} rows, first ${first}`.slice(0, 200) });
  }
}

/** Whether the whole table was seen: only then does an absent row say that there is none. */
function completeness(read: TableRead, base: FactBase, sink: (fact: Fact) => void): void {
  const about = {
    'ascribe.snmp.table': read.table,
    ...(read.context === '' ? {} : { 'ascribe.snmp.context': read.context }),
  };
  if (read.complete) {
    const extra = { ...about, 'ascribe.snmp.varbinds': read.varbinds.length };
    sink({ ...base, fact: 'event', category: 'network', action: 'table_read', outcome: 'success', extra });
    return;
  }
  const context = read.context === '' ? '' : ` ${read.context}`;
  const detail = `${read.table}${context}: ${read.reason === '' ? 'incomplete' : read.reason}`;
  sink({ ...base, fact: 'gap', kind: 'incomplete_read', detail });
}
