import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import type { DeviceSettings } from '../../../normalizer/settings';
import { datagram, feed } from './support';

const V9 = '0009 0001 00002710 6553f100 00000001 00000000';
const PLAIN = `${V9} 0000 000c 0100 0001 0001 0004 0100 0008 00000400`;
const IN_RECORD = `${V9} 0000 0010 0100 0002 0001 0004 0022 0004 0100 000c 00000400 0000000a`;
const V5_HEADER = `0005 0001 00002710 6553f100 00000000 00000001 00 00 0064 ${'00'.repeat(48)}`;
const VDS =
  '000a 002e 6553f100 00000001 00000000 0002 0014 0100 0002 0002 0004 8378 0002 00001adc 0100 000a 00000401 0002'.replace(
    '0032',
    '002e',
  );

describe('sampling by configuration', () => {
  it.each<[string, string, DeviceSettings, unknown, unknown]>([
    ['fills in for an exporter that says nothing', PLAIN, { samplingRate: 100 }, 100, 4],
    ['gives way to the record', IN_RECORD, { samplingRate: 100 }, 10, 1],
    ['gives way to the header', V5_HEADER, { samplingRate: 500 }, 100, 3],
    ['overrides the record', IN_RECORD, { samplingRate: 100, samplingOverride: true }, 100, 4],
    ['overrides the header', V5_HEADER, { samplingRate: 500, samplingOverride: true }, 500, 4],
    ['does not apply to counters that are multiplied already', VDS, { samplingRate: 100 }, 0, 5],
    ['is not needed: an unsampled exporter is kept', PLAIN, {}, undefined, undefined],
  ])('%s', (_name, hex, settings, samplingRate, samplingSource) => {
    const sink = feed(new FlowNormalizer({ settingsFor: () => settings }), [datagram(hex)]);
    expect(sink.reasons).toEqual([]);
    const [row] = sink.rows();
    expect({ rate: row!['samplingRate'], source: row!['samplingSource'] }).toEqual({
      rate: samplingRate,
      source: samplingSource,
    });
  });

  it('leaves counters as they were sent', () => {
    const sink = feed(new FlowNormalizer({ settingsFor: () => ({ samplingRate: 100, samplingOverride: true }) }), [
      datagram(PLAIN),
    ]);
    expect(sink.rows()).toEqual([expect.objectContaining({ bytes: 1024n })]);
  });
});

describe('the sender', () => {
  it.each([
    ['192.0.2.1:2055', '192.0.2.1', 2055],
    ['[2001:DB8:0::1]:9995', '2001:db8::1', 9995],
    ['[::ffff:192.0.2.1]:2055', '192.0.2.1', 2055],
    ['192.0.2.1', '192.0.2.1', 0],
    ['', '', 0],
  ])('%s is known by its canonical address', (peer, exporter, port) => {
    const asked: string[] = [];
    const normalizer = new FlowNormalizer({
      settingsFor: (address) => {
        asked.push(address);
        return {};
      },
    });
    const sink = feed(normalizer, [datagram(PLAIN, peer)]);
    expect(sink.flows.runs[0]?.stream).toEqual({ exporter, port, domain: 0, version: 9 });
    expect(asked).toEqual([exporter]);
  });

  it('is one stream under both spellings of its address', () => {
    const normalizer = new FlowNormalizer();
    feed(normalizer, [datagram(PLAIN, '192.0.2.1:2055'), datagram(PLAIN, '[::ffff:192.0.2.1]:2055')]);
    expect(normalizer.streams).toBe(1);
  });

  it('has the configured name in facts', () => {
    const normalizer = new FlowNormalizer({
      settingsFor: (address) => (address === '192.0.2.1' ? { name: 'edge1' } : {}),
    });
    const sink = feed(normalizer, [datagram('ffff'), datagram('ffff', '192.0.2.2:1')]);
    expect(sink.facts.map(({ device }) => device)).toEqual(['edge1', '192.0.2.2']);
  });
});

describe('option rows', () => {
  const table = `${V9} 0001 0016 0101 0004 0008 0001 0004 000a 0004 0052 0004 0101 0010 00000000 00000007 65746830`;
  const renamed = table.replace('65746830', '65746831');

  it('are stated when new, when changed, and again after an hour', () => {
    const at = 1_700_000_000_000;
    const sink = feed(new FlowNormalizer(), [
      datagram(table, 'a:1', at),
      datagram(table, 'a:1', at + 60_000),
      datagram(renamed, 'a:1', at + 120_000),
      datagram(renamed, 'a:1', at + 3_600_000),
      datagram(renamed, 'a:1', at + 3_800_000),
    ]);
    expect(sink.of('inventory').map(({ name }) => name)).toEqual(['eth0', 'eth1', 'eth1']);
  });
});

describe('firewall connections over a restart', () => {
  const template = '0000 0024 0100 0007 0094 0008 0008 0004 000c 0004 00e9 0001 0143 0008 00e7 0004 00e8 0004';
  const event = (kind: string, time: string, sent: string) =>
    datagram(`${V9} 0100 0025 0000000000000007 0a000005 cb007109 ${kind} 0000018bcfe5${time} ${sent} 00000000`);

  it('are not counted again', () => {
    const first = new FlowNormalizer();
    const before = feed(first, [datagram(`${V9} ${template}`), event('05', '6900', '00000064')]);
    expect(before.rows()).toEqual([expect.objectContaining({ bytes: 100n })]);
    const second = new FlowNormalizer();
    second.restore(first.snapshot());
    expect(Buffer.compare(second.snapshot(), first.snapshot())).toBe(0);
    const after = feed(second, [event('02', '6b00', '000000c8')]);
    expect(after.rows()).toEqual([expect.objectContaining({ bytes: 100n, statedBytes: 200n })]);
  });

  it('are in a snapshot that is taken before anybody looked at their rows', () => {
    const first = new FlowNormalizer();
    const before = feed(first, [datagram(`${V9} ${template}`), event('05', '6900', '00000064')]);
    const second = new FlowNormalizer();
    second.restore(first.snapshot());
    const after = feed(second, [event('02', '6b00', '000000c8')]);
    expect([...before.rows(), ...after.rows()].map(({ bytes }) => bytes)).toEqual([100n, 100n]);
  });

  it('are others than before when it was the exporter that restarted', () => {
    const header = (uptime: string) => V9.replace(/^(0009 ?[0-9a-f]{4}) ?[0-9a-f]{8}/, `$1 ${uptime}`);
    const record = (uptime: string, kind: string, time: string, sent: string) =>
      datagram(
        `${header(uptime)} ${template} 0100 0025 0000000000000007 0a000005 cb007109 ${kind} 0000018bcfe5${time} ${sent} 00000000`,
      );
    const sink = feed(new FlowNormalizer(), [
      record('00100000', '05', '6900', '00001388'),
      record('00001000', '05', '6a00', '00000064'),
      record('00002000', '02', '6b00', '0000012c'),
    ]);
    expect(sink.of('gap').map(({ kind }) => kind)).toEqual(['restart']);
    expect(sink.rows().map(({ bytes }) => bytes)).toEqual([5000n, 100n, 200n]);
  });

  it('are forgotten, the longest untouched first, when there are too many', () => {
    const normalizer = new FlowNormalizer({ limits: { connections: 2 } });
    const update = (id: number, sent: string, kind = '05', time = '6900') =>
      datagram(`${V9} 0100 0025 000000000000000${id} 0a000005 cb007109 ${kind} 0000018bcfe5${time} ${sent} 00000000`);
    const sink = feed(normalizer, [
      datagram(`${V9} ${template}`),
      ...[1, 2, 3, 4, 5].map((id) => update(id, '00000064')),
      update(1, '000000c8', '02', '6b00'),
      update(5, '000000c8', '02', '6b00'),
    ]);
    expect(sink.rows().map(({ bytes }) => bytes)).toEqual([100n, 100n, 100n, 100n, 100n, 200n, 100n]);
  });
});
