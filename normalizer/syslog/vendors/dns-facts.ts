import type { Binding, FactBase } from '../../model/facts';
import { extras, present } from '../grammar/values';

/** What one entry of a DNS log says. Absent: it does not. */
export interface DnsReading {
  /** Canonical address of who asked; of a resolver that asks for others it is the resolver. */
  readonly client?: string | undefined;
  /** As the log writes it. */
  readonly name: string;
  /** `A`, `TXT`, `TYPE65`. */
  readonly type?: string | undefined;
  /** `NOERROR`, `NXDOMAIN`. */
  readonly response?: string | undefined;
  readonly answers?: readonly DnsAnswer[] | undefined;
  /** Other names of the same answer: what was asked for where `name` is where its CNAMEs lead. */
  readonly alias?: string | undefined;
}

export interface DnsAnswer {
  /** Canonical address. */
  readonly address: string;
  /** Seconds. */
  readonly ttl?: number | undefined;
}

const LONGEST_NAME = 253;

/**
 * Who asked for the name becomes `ip-query`, each address it was given for becomes `ip-name`. Names of addresses
 * (`in-addr.arpa`) name no destination and are left out.
 */
export function dnsFacts(base: FactBase, reading: DnsReading): Binding[] {
  const { client, type, response, answers = [] } = reading;
  const name = nameOf(reading.name);
  if (name === undefined) return [];
  const facts: Binding[] = [];
  const extra = extras({ 'dns.question.type': type, 'dns.response_code': response });
  if (client !== undefined) facts.push(seen(base, 'ip-query', client, name, extra));
  const alias = reading.alias === undefined ? undefined : nameOf(reading.alias);
  const names = alias === undefined || alias === name ? [name] : [alias, name];
  for (const { address, ttl } of answers) {
    const told = extras({ 'client.ip': client, 'dns.answers.ttl': ttl });
    for (const each of names) facts.push(seen(base, 'ip-name', address, each, told));
  }
  return facts;
}

function seen(
  base: FactBase,
  relation: Binding['relation'],
  key: string,
  value: string,
  extra: Binding['extra'] | undefined,
): Binding {
  return present<Binding>({ ...base, fact: 'binding', relation, key, value, state: 'seen', extra });
}

/** Lower case, without the dot of the root; undefined for the root, names of addresses and what is no name. */
export function nameOf(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name === '' || name.length > LONGEST_NAME || name.endsWith('.arpa')) return undefined;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return undefined;
  }
  return name;
}
