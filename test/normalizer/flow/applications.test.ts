import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed } from './support';

/** Options template 257: scope system (1), then 95 of four bytes and 96 of eight; its rows. */
const V9 = '0009 0001 00002710 6553f100 00000001 00000000';
const TABLE = '0001 0018 0101 0004 0008 0001 0004 005f 0004 0060 0008 0000';
const row = (id: string, name: string): string => `0a000001 ${id} ${Buffer.from(name.padEnd(8, '\0')).toString('hex')}`;
const NAMES = `${V9} ${TABLE} 0101 0024 ${row('0d0001c5', 'ssl')} ${row('03000050', 'http')}`;
/** Template 256: source port and 95. */
const FLOW_TEMPLATE = '0000 0010 0100 0002 0007 0002 005f 0004';
const flow = (id: string): string => `${V9} ${FLOW_TEMPLATE} 0100 000a c738 ${id}`;

describe('application names', () => {
  it('are those of the table that the exporter sent', () => {
    const sink = feed(new FlowNormalizer(), [datagram(NAMES), datagram(flow('0d0001c5')), datagram(flow('0d000001'))]);
    expect(sink.reasons).toEqual([]);
    const rows = sink.rows();
    expect(rows).toMatchObject([{ application: 0x0d00_01c5, applicationName: 'ssl' }, { application: 0x0d00_0001 }]);
    expect(rows[1]).not.toHaveProperty('applicationName');
  });

  it('are those known when the flow was read', () => {
    const renamed = `${V9} ${TABLE} 0101 0014 ${row('0d0001c5', 'tls')}`;
    const sink = feed(new FlowNormalizer(), [
      datagram(flow('0d0001c5')),
      datagram(NAMES),
      datagram(flow('0d0001c5')),
      datagram(renamed),
      datagram(flow('0d0001c5')),
    ]);
    expect(sink.rows().map((row) => row['applicationName'])).toEqual([undefined, 'ssl', 'tls']);
  });

  it('are not taken from another exporter', () => {
    const sink = feed(new FlowNormalizer(), [datagram(NAMES), datagram(flow('0d0001c5'), '192.0.2.2:2055')]);
    expect(sink.rows()[0]).not.toHaveProperty('applicationName');
  });

  it('are taken up with a snapshot', () => {
    const before = new FlowNormalizer();
    feed(before, [datagram(NAMES)]);
    const after = new FlowNormalizer();
    after.restore(before.snapshot());
    expect(Buffer.from(after.snapshot()).equals(Buffer.from(before.snapshot()))).toBe(true);
    expect(feed(after, [datagram(flow('03000050'))]).rows()).toMatchObject([{ applicationName: 'http' }]);
  });

  it('in a record go before the table', () => {
    const template = '0000 0014 0102 0003 0007 0002 005f 0004 0060 0004';
    const both = `${V9} ${template} 0102 0018 c738 0d0001c5 71756963 c738 0d0001c5 00000000`;
    const sink = feed(new FlowNormalizer(), [datagram(NAMES), datagram(both)]);
    expect(sink.rows().map((row) => row['applicationName'])).toEqual(['quic', 'ssl']);
  });

  it('are remembered only so many', () => {
    const normalizer = new FlowNormalizer({ limits: { optionsPerStream: 1 } });
    const sink = feed(normalizer, [datagram(NAMES), datagram(flow('0d0001c5')), datagram(flow('03000050'))]);
    expect(sink.rows().map((row) => row['applicationName'])).toEqual([undefined, 'http']);
  });
});

describe('the first packet (Cisco ETA)', () => {
  it.each([
    ['v9', (data: string) => `${V9} 0000 0010 0100 0002 0007 0002 af8c 0008 0100 0010 c738 ${data} 0000`],
    [
      'IPFIX',
      (data: string) =>
        `000a 0034 6553f100 00000001 00000000 0002 0014 0100 0002 0007 0002 af8c 0008 00000009 0100 0010 c738 ${data} 0000`,
    ],
  ])('of %s is told by its protocol, and kept', (_name, records) => {
    const sink = feed(new FlowNormalizer(), [
      datagram(records('16030100c8010000')),
      datagram(records('deadbeefdeadbeef')),
    ]);
    const [tls, other] = sink.rows();
    expect(tls).toMatchObject({ payloadProtocol: 'tls', extra: { initialDataPacket: '16030100c8010000' } });
    expect(other).toMatchObject({ extra: { initialDataPacket: 'deadbeefdeadbeef' } });
    expect(other).not.toHaveProperty('payloadProtocol');
  });
});
