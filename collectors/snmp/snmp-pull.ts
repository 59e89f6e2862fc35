import { createHash } from 'node:crypto';
import type { RawRecord } from '../contract';
import { SharedSockets } from './adapter/shared-sockets';
import { PolledDevice, type DeviceStatus } from './poller/polled-device';
import { RecordOutlet } from '../polling/record-outlet';
import type { IncompleteReason, SnmpRecord } from './snmp-record';
import type { SnmpSettings } from './snmp-settings';

/** One table of a pull, as the collection record keeps it. */
export interface PulledTable {
  readonly table: string;
  readonly context: string;
  /** Epoch milliseconds, our clock. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly complete: boolean;
  readonly reason: IncompleteReason;
  readonly varbinds: number;
  /** Of the record, as it is in the journal. */
  readonly bytes: number;
  readonly sha256: string;
}

/** What came of one device. */
export interface SnmpPull {
  readonly device: string;
  readonly peer: string;
  readonly engineId: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly tables: readonly PulledTable[];
  /** Why it did not answer; undefined when it did. */
  readonly failure: { readonly reason: IncompleteReason; readonly text: string } | undefined;
}

export interface SnmpPullOptions {
  /** Of whose devices those named in `devices` are read. */
  readonly settings: SnmpSettings;
  readonly devices: readonly string[];
  /** Takes a record over; must not throw. */
  readonly take: (record: RawRecord) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Runs a piece of work when its turn among all devices has come. */
  readonly turn: <Out>(work: () => Promise<Out>) => Promise<Out>;
  readonly onStep: (device: string, tables: number) => void;
}

/** Reads every table of the devices' plans once. Rejects only when no socket can be opened. */
export async function pullSnmp(options: SnmpPullOptions): Promise<readonly SnmpPull[]> {
  const { settings, devices, turn } = options;
  if (devices.length === 0) return [];
  const sockets = new SharedSockets(settings.limits.receiveBufferBytes);
  try {
    await sockets.open();
    return await Promise.all(devices.map((name) => turn(async () => await pullOne(name, sockets, options))));
  } finally {
    await sockets.close();
  }
}

async function pullOne(name: string, sockets: SharedSockets, options: SnmpPullOptions): Promise<SnmpPull> {
  const { settings, take, now, signal, onStep } = options;
  const tables: PulledTable[] = [];
  let peer = '';
  let unusable = '';
  const outlet = new RecordOutlet((batch) => {
    for (const record of batch) {
      take(record);
      peer = record.origin.peer;
      tables.push(...pulledTable(record));
    }
    onStep(name, tables.length);
    return batch.length;
  }, 0);
  const device = new PolledDevice(
    settings.devices.find((one) => one.name === name)!,
    {
      settings: { ...settings, limits: { ...settings.limits, startSpreadMs: 0 } },
      sockets,
      outlet,
      emit: (event) => {
        if (event.kind === 'snmp_device_unusable') unusable = event.text;
      },
      now,
      // Nothing is due twice in one reading.
      clock: () => 0,
    },
  );
  const startedAt = now();
  try {
    await device.visit(signal);
    const status = device.status();
    const failure = failureOf(status, unusable, signal);
    return { device: name, peer, engineId: status.engineId, startedAt, finishedAt: now(), tables, failure };
  } finally {
    device.close();
  }
}

function pulledTable({ bytes }: RawRecord): PulledTable[] {
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as SnmpRecord;
  if (record.kind !== 'table') return [];
  const { table, context, startedAt, finishedAt, complete, reason, varbinds } = record;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const size = { varbinds: varbinds.length, bytes: bytes.length, sha256 };
  return [{ table, context, startedAt, finishedAt, complete, reason, ...size }];
}

function failureOf(
  { state, reason, detail }: DeviceStatus,
  unusable: string,
  signal: AbortSignal,
): SnmpPull['failure'] {
  if (signal.aborted) return { reason: 'cancelled', text: 'stopped' };
  if (state === 'answering') return undefined;
  if (unusable !== '') return { reason: 'transport', text: unusable };
  const text = reason === 'timeout' ? 'no answer' : [reason, detail].filter((part) => part !== '').join(': ');
  return { reason, text };
}
