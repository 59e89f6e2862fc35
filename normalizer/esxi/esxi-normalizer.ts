import type { StoredRecord } from '../../collectors/contract';
import type { FactSink } from '../contract';
import type { FactBase } from '../model/facts';
import type { SshPart } from '../ssh-normalizer';
import type { SshCommand, SshRecord } from '../ssh-record';
import { readCommand } from './commands/read-command';
import { LogReader, type LogCounts } from './log/log-reader';
import { EsxiMemory } from './state/esxi-memory';
import type { HostMemory } from './state/host-memory';

const PARSER = 'esxi';

/**
 * Records of ESXi hosts read over SSH: output of commands and stretches of log files, to bindings, inventory and events.
 * A host is known by its configured name.
 *
 * Bindings, key ↔ value: `vm-host` display name ↔ device; `mac-vnic` MAC address ↔ `UUID/ADAPTER`; `vnic-vm`
 * `UUID/ADAPTER` ↔ display name; `ip-vm` address ↔ display name; `ip-mac` address ↔ MAC address; `dvport-vnic` port of a
 * distributed switch ↔ MAC address; `ip-device` address of the host itself ↔ device; `socket-process`
 * `TCP:LOCAL:PORT>REMOTE:PORT` ↔ name of the world. What is read is stated as `seen` every time; inventory only when it
 * changes, and hourly. An event `table_read` says that a whole answer was read, a gap `incomplete_read` that it was not.
 */
export class EsxiNormalizer implements SshPart {
  readonly platforms: readonly string[] = ['esxi'];
  readonly readsLogs = true;
  readonly #memory: EsxiMemory;
  readonly #logs: LogReader;
  /** Of the latest record, for what is told when nothing more comes. */
  readonly #latest = new Map<string, FactBase>();

  constructor(memory: EsxiMemory = new EsxiMemory()) {
    this.#memory = memory;
    this.#logs = new LogReader(memory);
  }

  normalize(read: SshRecord, record: StoredRecord, base: FactBase, sink: FactSink): void {
    const own: FactBase = { ...base, parser: PARSER };
    try {
      const host = this.#hostOf(read, record, own.device);
      if (read.kind === 'log') this.#logs.read(read, own, host, sink);
      else this.#command(read, own, host, sink);
      this.#logs.tellWaiting(host, own, sink);
      this.#latest.set(own.device, own);
    } catch (error) {
      // A reader's fault must not stop the other records; the bytes are in the journal.
      const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
      sink.fact({ ...own, fact: 'rejected', reason: 'esxi_fault', detail });
    }
  }

  /** Lines read so far. */
  counts(): Readonly<LogCounts> {
    return this.#logs.counts;
  }

  finish(sink: FactSink): void {
    for (const [device, base] of this.#latest) this.#logs.tellWaiting(this.#memory.host(device), base, sink, true);
  }

  snapshot(): Uint8Array {
    return this.#memory.snapshot();
  }

  restore(snapshot: Uint8Array): void {
    this.#memory.restore(snapshot);
    this.#latest.clear();
  }

  #hostOf(read: SshRecord, { origin }: StoredRecord, device: string): HostMemory {
    const host = this.#memory.host(device);
    if (read.clockOffset !== undefined && host.clockOffset === undefined) host.clockOffset = read.clockOffset;
    if (read.session !== undefined) host.own.session(read.session, host.clockOffset ?? 0);
    if (origin.collector === 'ssh' && origin.peer !== '') this.#memory.alias(withoutPort(origin.peer), device);
    return host;
  }

  #command(read: SshCommand, base: FactBase, host: HostMemory, sink: FactSink): void {
    host.own.command(read, read.clockOffset ?? host.clockOffset ?? 0);
    readCommand(read, base, host, this.#memory, (fact) => sink.fact(fact));
  }
}

/** `192.0.2.1` of `192.0.2.1:22`, `2001:db8::1` of `[2001:db8::1]:22`. */
function withoutPort(peer: string): string {
  const colon = peer.lastIndexOf(':');
  const host = colon < 0 ? peer : peer.slice(0, colon);
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
