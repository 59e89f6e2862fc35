import { join } from 'node:path';
import type { Binding } from '../../../normalizer/model/facts';
import { FactsSegment } from '../../../store/facts/facts-segment';

export const T = Date.UTC(2026, 10, 24, 1, 0);
export const SEGMENT = '2026-11-24T01-000';

/** An observation as a test writes it. */
export interface Observation extends Partial<Omit<Binding, 'fact' | 'rawSeq'>> {
  readonly observedAt: number;
  readonly rawSeq: number;
  /** By default when it was observed. */
  readonly receivedAt?: number;
}

export function bindingFact(observation: Observation): Binding {
  return {
    fact: 'binding',
    timeQuality: 'ok',
    device: 'core',
    parser: 'snmp_arp',
    relation: 'ip-mac',
    key: '10.0.0.5',
    value: '02:00:5e:00:53:01',
    state: 'seen',
    ...observation,
  };
}

/** Makes a facts segment with these observations; it stays open. */
export function bindingSegment(directory: string, name: string, observations: readonly Observation[]): FactsSegment {
  const path = join(directory, `${name}.db`);
  const segment = FactsSegment.create(path, { name, snapshot: new Uint8Array(0), appliedSeq: 0 });
  appendBindings(segment, observations);
  return segment;
}

export function appendBindings(segment: FactsSegment, observations: readonly Observation[]): void {
  segment.begin();
  for (const observation of observations) segment.fact(bindingFact(observation), observation.receivedAt);
  segment.commit(observations.reduce((most, { rawSeq }) => Math.max(most, rawSeq), segment.appliedSeq));
}
