import { ChangeCall } from '../../../cli/daemon/change-call';
import type { RawFormat, StoredRecord } from '../../../collectors/contract';
import type { Event } from '../../../normalizer/model/facts';

const NOW = Date.UTC(2026, 10, 24, 2);
const event = (device: string, action = 'config_change'): Event => ({
  ...{ rawSeq: 1, observedAt: NOW, timeQuality: 'ok', device, parser: 'cisco_ios' },
  ...{ fact: 'event', category: 'configuration', action },
});
const record = (peer: string, receivedAt = NOW, format: RawFormat = 'syslog'): StoredRecord => ({
  ...{ seq: 1, receivedAt, bytes: new Uint8Array() },
  origin: { collector: 'x', source: 'y', peer, format },
});

test('names each device once for all that it told since it was named last', () => {
  const call = new ChangeCall(() => NOW);
  for (let line = 0; line < 100; line++) call.fact(event('fw-1'), record('192.0.2.1:514'));
  call.fact(event('sw-1'), record('[2001:db8::1]:161', NOW, 'snmp'));
  expect(call.take()).toEqual([
    { device: 'fw-1', address: '192.0.2.1' },
    { device: 'sw-1', address: '2001:db8::1' },
  ]);
  expect(call.take()).toEqual([]);
  call.fact(event('fw-1'), record('192.0.2.1:514'));
  expect(call.take()).toHaveLength(1);
});

test.each([
  ['what was told long ago', event('fw-1'), record('192.0.2.1:514', NOW - 3_600_000)],
  ['what we read ourselves', event('fw-1'), record('192.0.2.1:22', NOW, 'command')],
  ['another event', event('fw-1', 'config_save'), record('192.0.2.1:514')],
  ['a fact without a record', event('fw-1'), undefined],
])('passes over %s', (_, fact, from) => {
  const call = new ChangeCall(() => NOW);
  call.fact(fact, from);
  expect(call.take()).toEqual([]);
});
