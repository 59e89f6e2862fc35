import type { Fact, FactBase } from '../../model/facts';
import type { EsxiRecord } from '../record/esxi-record';
import type { EsxiMemory } from '../state/esxi-memory';
import type { HostMemory } from '../state/host-memory';
import type { CopySource } from '../state/seen-copies';
import { behindVmkernelPrefix } from '../record/clean';
import { recordFacts } from './record-facts';
import { withVms } from './vm-facts';

/** Where a record was read, and what is known of its host. */
export interface Told {
  readonly source: CopySource;
  readonly record: EsxiRecord;
  readonly base: FactBase;
  /** Device time, epoch ms. */
  readonly ms: number;
  /** The device as both ways know it. */
  readonly device: string;
  /** Undefined for a host of which only syslog is known. */
  readonly host: HostMemory | undefined;
}

/** Facts of a record that has not come another way already, with what the host's other records say of them. */
export function toldFacts(told: Told, memory: EsxiMemory): Fact[] {
  const { record, base, source } = told;
  const facts = recordFacts(record, base, source === 'syslog');
  return firstTold(facts, told, memory);
}

/** As `toldFacts`, of facts that were made already. */
export function firstTold(
  facts: readonly Fact[],
  { source, record, base, ms, device, host }: Told,
  memory: EsxiMemory,
): Fact[] {
  if (facts.length === 0) return [];
  const { program = '', pid, message } = record;
  const lineEnd = message.indexOf('\n');
  const first = message.slice(behindVmkernelPrefix(message, 0), lineEnd < 0 ? undefined : lineEnd).trim();
  if (!memory.copies.isNew(source, { device, ms, program, pid, message: first })) return [];
  if (host === undefined) return [...facts];
  return withVms(facts, base, host, memory).map((fact) => {
    if (fact.fact !== 'event' || !host.own.owns(fact, record)) return fact;
    return { ...fact, extra: { ...fact.extra, 'ascribe.own_footprint': 1 } };
  });
}
