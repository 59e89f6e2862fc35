import type { Fact } from '../../../normalizer/model/facts';
import { ConfigPart } from '../../../normalizer/config/config-part';
import { SshNormalizer } from '../../../normalizer/ssh-normalizer';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { AT } from './read-sample';

/** Header fields of a command record that a test may set. */
export interface Header {
  readonly complete?: boolean;
  readonly reason?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly at?: number;
}

/** The journal's bytes of one command's output. */
export function commandRecord(
  platform: string,
  command: string,
  body: string | Uint8Array,
  header: Header = {},
): Uint8Array {
  const { complete = true, reason = '', parameters, at = AT } = header;
  const fields = {
    v: 1,
    kind: 'command',
    platform,
    command,
    line: 'show',
    parameters,
    exit: null,
    signal: '',
    complete,
    reason,
    stderr: '',
    startedAt: at - 100,
    finishedAt: at,
    output: 'text',
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(fields)}\n`), Buffer.from(body)]);
}

/** Network devices' records read one after the other, as in the daemon. */
export class Reader {
  readonly normalizer = new SshNormalizer(() => ({}), [new ConfigPart(() => ({}))]);
  #seq = 0;

  read(platform: string, command: string, body: string | Uint8Array, header: Header = {}): Fact[] {
    return this.record(commandRecord(platform, command, body, header), header.at);
  }

  record(bytes: Uint8Array, receivedAt = AT): Fact[] {
    const facts: Fact[] = [];
    const origin = { collector: 'ssh', source: 'dev1', peer: '192.0.2.1:22', format: 'command' } as const;
    this.normalizer.normalize(
      { seq: ++this.#seq, receivedAt, origin, bytes },
      { flows: new FlowBatch(16), fact: (fact) => facts.push(fact) },
    );
    return facts;
  }
}

/** Facts of one state table. */
export function tableFacts(platform: string, command: string, body: string | Uint8Array, header: Header = {}): Fact[] {
  return new Reader().read(platform, command, body, header);
}

/** `KEY -> VALUE` of all bindings of a relation. */
export function pairs(facts: readonly Fact[], relation: string): string[] {
  return facts.flatMap((fact) =>
    fact.fact === 'binding' && fact.relation === relation ? [`${fact.key} -> ${fact.value}`] : [],
  );
}
