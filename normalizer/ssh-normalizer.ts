import type { RawFormat, StoredRecord } from '../collectors/contract';
import { NormalizerStateError, type FactSink, type Normalizer } from './contract';
import type { Fact, FactBase } from './model/facts';
import type { SettingsFor } from './settings';
import { readSshRecord, type SshCollection, type SshRecord } from './ssh-record';
import { peerAddressOf } from './syslog/syslog-normalizer';

const STATE_VERSION = 1;

/** What reads the records of some platforms. As `Normalizer`, with the record's header already read. */
export interface SshPart {
  /** Platforms whose command output it reads. */
  readonly platforms: readonly string[];
  /** It reads log files, of whatever platform. At most one part does. */
  readonly readsLogs: boolean;
  /** `base`: the record's place, our receive time and the device; the part sets parser and times. Never throws. */
  normalize(read: SshRecord, record: StoredRecord, base: FactBase, sink: FactSink): void;
  /** As `Normalizer.finish`. */
  finish?(sink: FactSink): void;
  /** As `Normalizer.snapshot`. */
  snapshot(): Uint8Array;
  /** As `Normalizer.restore`. */
  restore(snapshot: Uint8Array): void;
}

/**
 * Records of devices that are read over SSH: the header, then the part that reads the platform. A record of a platform
 * that nobody reads, or whose header is damaged, becomes a `Rejected` fact.
 */
export class SshNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[] = ['command', 'logfile'];
  readonly #settingsFor: SettingsFor;
  readonly #parts: readonly SshPart[];
  readonly #byPlatform = new Map<string, SshPart>();
  readonly #logs: SshPart | undefined;

  /** The order of `parts` is part of stored snapshots: add at the end. */
  constructor(settingsFor: SettingsFor, parts: readonly SshPart[]) {
    this.#settingsFor = settingsFor;
    this.#parts = parts;
    for (const part of parts) for (const platform of part.platforms) this.#byPlatform.set(platform, part);
    this.#logs = parts.find(({ readsLogs }) => readsLogs);
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    const read = readSshRecord(record.bytes);
    if (read.kind === 'fault') {
      const { reason, offset, detail } = read;
      const about = detail === undefined ? {} : { detail };
      sink.fact({ ...this.#baseOf(record, ''), fact: 'rejected', reason, offset, ...about });
      return;
    }
    if (read.kind === 'collection') {
      sink.fact(collectionFact(read, this.#baseOf(record, read.host)));
      return;
    }
    const base = this.#baseOf(record, read.device);
    const part = read.kind === 'log' ? this.#logs : this.#byPlatform.get(read.platform);
    if (part !== undefined) part.normalize(read, record, base, sink);
    else sink.fact({ ...base, fact: 'rejected', reason: 'ssh_unknown_platform', detail: read.platform.slice(0, 64) });
  }

  takeReplays(): readonly number[] {
    return [];
  }

  replay(): void {
    // Nothing waits for later records: `takeReplays` names none.
  }

  finish(sink: FactSink): void {
    for (const part of this.#parts) part.finish?.(sink);
  }

  snapshot(): Uint8Array {
    const parts = this.#parts.map((part) => Buffer.from(part.snapshot()).toString('base64'));
    return Buffer.from(JSON.stringify({ version: STATE_VERSION, parts }));
  }

  restore(snapshot: Uint8Array): void {
    const parts = readState(snapshot);
    if (parts.length !== this.#parts.length) {
      throw new NormalizerStateError('the SSH snapshot was made with other readers');
    }
    this.#parts.forEach((part, i) => part.restore(Buffer.from(parts[i] ?? '', 'base64')));
  }

  /** The collector names the device in the record's source; of an import only the header or the settings can. */
  #baseOf({ seq, receivedAt, origin }: StoredRecord, stated: string): FactBase {
    const configured = this.#settingsFor(peerAddressOf(origin.peer)).name;
    const named = origin.collector === 'ssh' ? origin.source : (configured ?? origin.source);
    const device = stated === '' ? named : stated;
    return { rawSeq: seq, observedAt: receivedAt, timeQuality: 'from_receipt', device, parser: 'ssh' };
  }
}

/** Our own visit, so that its traces on the devices can be told from others'. */
function collectionFact({ id, user, tool, devices, startedAt }: SshCollection, base: FactBase): Fact {
  return {
    ...base,
    fact: 'event',
    observedAt: startedAt ?? base.observedAt,
    category: 'process',
    action: 'collection',
    ...(user !== '' && { user }),
    message: `${tool} collected from ${devices}`,
    extra: { 'ascribe.collection.id': id },
  };
}

function readState(snapshot: Uint8Array): readonly string[] {
  let state: { version?: unknown; parts?: unknown } | null;
  try {
    state = JSON.parse(Buffer.from(snapshot).toString('utf8')) as typeof state;
  } catch (cause) {
    throw new NormalizerStateError('the SSH snapshot is not JSON', { cause });
  }
  if (typeof state !== 'object' || state === null || state.version !== STATE_VERSION || !Array.isArray(state.parts)) {
    throw new NormalizerStateError('the SSH snapshot has another format version');
  }
  return state.parts as readonly string[];
}
