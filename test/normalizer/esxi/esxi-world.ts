import type { StoredRecord } from '../../../collectors/contract';
import { EsxiNormalizer } from '../../../normalizer/esxi/esxi-normalizer';
import { EsxiMemory } from '../../../normalizer/esxi/state/esxi-memory';
import type { Binding, Event, Fact, Inventory } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { SshNormalizer } from '../../../normalizer/ssh-normalizer';
import { VENDORS } from '../../../normalizer/syslog/registry';
import { SyslogNormalizer } from '../../../normalizer/syslog/syslog-normalizer';

/** Received a little after the times of the samples. */
export const RECEIVED_AT = Date.UTC(2026, 10, 24, 3, 0, 0);

export interface RecordOptions {
  readonly device?: string;
  readonly receivedAt?: number;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Both normalizers that ESXi hosts speak to, on one memory, as the pipeline has them. */
export class EsxiWorld {
  readonly facts: Fact[] = [];
  readonly memory = new EsxiMemory();
  readonly esxi = new EsxiNormalizer(this.memory);
  readonly ssh = new SshNormalizer(() => ({}), [this.esxi]);
  readonly syslog: SyslogNormalizer;
  #seq = 0;
  readonly #sink = { flows: new FlowBatch(1), fact: (fact: Fact) => void this.facts.push(fact) };

  constructor(names: Readonly<Record<string, string>> = {}) {
    const settingsFor = (address: string): { name?: string } => {
      const name = names[address];
      return name === undefined ? {} : { name };
    };
    this.syslog = new SyslogNormalizer(settingsFor, VENDORS, this.memory);
  }

  /** Facts of one stretch of a log file. */
  log(file: string, body: string | Uint8Array, options: RecordOptions & { readonly offset?: number } = {}): Fact[] {
    const { offset = 0, header = {} } = options;
    return this.raw({ v: 1, kind: 'log', platform: 'esxi', file, generation: 'g', offset, ...header }, body, options);
  }

  /** Facts of one command's answer. */
  command(command: string, body: string, options: RecordOptions = {}): Fact[] {
    const receivedAt = options.receivedAt ?? RECEIVED_AT;
    const header = {
      v: 1,
      kind: 'command',
      platform: 'esxi',
      command,
      line: `esxcli ${command}`,
      exit: 0,
      signal: '',
      complete: true,
      reason: '',
      stderr: '',
      startedAt: receivedAt - 1000,
      finishedAt: receivedAt - 100,
      output: 'table',
      ...options.header,
    };
    return this.raw(header, body, options);
  }

  raw(header: object, body: string | Uint8Array, options: RecordOptions = {}): Fact[] {
    const { device = 'esx1', receivedAt = RECEIVED_AT } = options;
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(body)]);
    return this.#take((record) => this.ssh.normalize(record, this.#sink), {
      seq: ++this.#seq,
      receivedAt,
      origin: { collector: 'ssh', source: device, peer: '192.0.2.11:22', format: 'command' },
      bytes,
    });
  }

  /** Facts of one syslog message. */
  message(line: string, peer = '192.0.2.11:514'): Fact[] {
    return this.#take((record) => this.syslog.normalize(record, this.#sink), {
      seq: ++this.#seq,
      receivedAt: RECEIVED_AT,
      origin: { collector: 'syslog', source: 'udp://0.0.0.0:514', peer, format: 'syslog' },
      bytes: Buffer.from(line),
    });
  }

  /** What is told when nothing more comes. */
  finish(): Fact[] {
    const from = this.facts.length;
    this.ssh.finish(this.#sink);
    return this.facts.slice(from);
  }

  #take(normalize: (record: StoredRecord) => void, record: StoredRecord): Fact[] {
    const from = this.facts.length;
    normalize(record);
    return this.facts.slice(from);
  }
}

export function events(facts: readonly Fact[]): Event[] {
  return facts.filter((fact): fact is Event => fact.fact === 'event' && fact.action !== 'table_read');
}

/** `relation key -> value state` of each binding. */
export function bindings(facts: readonly Fact[]): string[] {
  return facts
    .filter((fact): fact is Binding => fact.fact === 'binding')
    .map(({ relation, key, value, state }) => `${relation} ${key} -> ${value} ${state}`);
}

export function inventory(facts: readonly Fact[], kind: string): Inventory[] {
  return facts.filter((fact): fact is Inventory => fact.fact === 'inventory' && fact.kind === kind);
}

/** An event without what differs between the coats of one record. */
export function essence({ rawSeq: _raw, syslog: _syslog, parser: _parser, ...rest }: Event): object {
  return rest;
}
