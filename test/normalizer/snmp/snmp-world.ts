import type { StoredRecord } from '../../../collectors/contract';
import type { FactSink } from '../../../normalizer/contract';
import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import type { DeviceSettings } from '../../../normalizer/settings';
import { SnmpNormalizer } from '../../../normalizer/snmp/snmp-normalizer';

/** A varbind as tests write it. */
export type TestVarbind = readonly [oid: string, tag: number, value: string | number | null];

export const T0 = Date.UTC(2026, 10, 24, 2, 0, 0);
export const PEER = '192.0.2.10:161';

export const integer = (oid: string, value: number): TestVarbind => [oid, 0x02, value];
export const gauge = (oid: string, value: number): TestVarbind => [oid, 0x42, value];
export const ticks = (oid: string, value: number): TestVarbind => [oid, 0x43, value];
export const counter = (oid: string, value: number): TestVarbind => [oid, 0x41, value];
export const counter64 = (oid: string, value: string): TestVarbind => [oid, 0x46, value];
export const ipAddress = (oid: string, value: string): TestVarbind => [oid, 0x40, value];
export const objectId = (oid: string, value: string): TestVarbind => [oid, 0x06, value];
/** Octets as hexadecimal; blanks and colons are for the reader. */
export const octets = (oid: string, hex: string): TestVarbind => [oid, 0x04, hex.replace(/[ :]/g, '')];
export const text = (oid: string, value: string): TestVarbind => [
  oid,
  0x04,
  Buffer.from(value, 'utf8').toString('hex'),
];

export interface TableOptions {
  readonly table?: string;
  readonly context?: string;
  readonly complete?: boolean;
  readonly reason?: string;
}

/** One normalizer with its records; replays are given back at once, as the pipeline does. */
export class SnmpWorld {
  normalizer: SnmpNormalizer;
  readonly facts: Fact[] = [];
  readonly records = new Map<number, StoredRecord>();
  now = T0;
  /** Name under which it is polled. */
  source = 'sw1';
  #seq = 0;

  constructor(readonly settings: DeviceSettings = { name: 'sw1' }) {
    this.normalizer = new SnmpNormalizer({ settingsFor: () => settings });
  }

  /** Reads one table; returns the facts that this record made, those of records read again included. */
  table(varbinds: readonly TestVarbind[], options: TableOptions = {}, peer = PEER): Fact[] {
    const { table = 'table', context = '', complete = true, reason = '' } = options;
    return this.bytes(
      Buffer.from(
        JSON.stringify({
          kind: 'table',
          table,
          roots: [],
          deviceClass: 'test',
          version: 'v2c',
          startedAt: this.now - 50,
          finishedAt: this.now,
          complete,
          reason,
          detail: '',
          engineId: '',
          context,
          varbinds,
        }),
      ),
      peer,
    );
  }

  trap(trapOid: string, varbinds: readonly TestVarbind[], more: Readonly<Record<string, unknown>> = {}): Fact[] {
    return this.bytes(
      Buffer.from(
        JSON.stringify({
          kind: 'trap',
          version: 'v2c',
          inform: false,
          communityHash: '',
          user: '',
          level: '',
          engineId: '',
          context: '',
          engineBoots: null,
          engineTime: null,
          trapOid,
          upTime: 100,
          enterprise: '',
          agentAddress: '',
          varbinds,
          datagram: '',
          ...more,
        }),
      ),
      '192.0.2.10:50000',
    );
  }

  bytes(bytes: Uint8Array, peer = PEER): Fact[] {
    const origin = { collector: 'snmp', source: this.source, peer, format: 'snmp' } as const;
    const record: StoredRecord = { seq: ++this.#seq, receivedAt: this.now, origin, bytes };
    this.records.set(record.seq, record);
    const made: Fact[] = [];
    const sink: FactSink = { flows: new FlowBatch(0), fact: (fact) => made.push(fact) };
    this.normalizer.normalize(record, sink);
    for (const seq of this.normalizer.takeReplays()) this.normalizer.replay(this.records.get(seq)!, sink);
    this.facts.push(...made);
    return made;
  }

  /** A fresh normalizer that has taken up the snapshot of this one. */
  restored(): SnmpNormalizer {
    const normalizer = new SnmpNormalizer({ settingsFor: () => this.settings });
    normalizer.restore(this.normalizer.snapshot());
    return normalizer;
  }
}

const COMMON: ReadonlySet<string> = new Set(['rawSeq', 'observedAt', 'timeQuality', 'device', 'parser', 'fact']);

/** The facts of one kind, without what all facts carry, and without the notes that a table was read. */
export function bodies(facts: readonly Fact[], kind: Fact['fact']): object[] {
  return facts
    .filter((fact) => fact.fact === kind && !(fact.fact === 'event' && fact.action === 'table_read'))
    .map((fact) => Object.fromEntries(Object.entries(fact).filter(([key]) => !COMMON.has(key))));
}
