import type { StoredRecord } from '../../../collectors/contract';
import { NormalizerStateError } from '../../../normalizer/contract';
import type { Fact, SessionLog } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import type { DeviceSettings } from '../../../normalizer/settings';
import type { SyslogContext, SyslogMessage, VendorParser } from '../../../normalizer/syslog/contract';
import { peerAddressOf, SyslogNormalizer } from '../../../normalizer/syslog/syslog-normalizer';

const RECEIVED_AT = Date.UTC(2026, 10, 24, 4);
let seq = 0;

function record(line: string | Uint8Array, peer = '192.0.2.1:514', receivedAt = RECEIVED_AT): StoredRecord {
  const origin = { collector: 'syslog', source: 'udp://127.0.0.1:5514', peer, format: 'syslog' } as const;
  return { seq: ++seq, origin, receivedAt, bytes: typeof line === 'string' ? Buffer.from(line) : line };
}

/** A vendor that turns its messages into events naming it. */
function vendor(name: string, word: string, parse?: VendorParser['parse']): VendorParser {
  return {
    name,
    vendor: name,
    product: name,
    summary: '',
    stability: 'stable',
    example: '',
    recognizes: ({ content }) => content.startsWith(word),
    parse:
      parse ??
      ((message: SyslogMessage, { base }: SyslogContext): Fact[] => [
        { ...base, fact: 'event', category: 'host', action: 'seen', message: message.content },
      ]),
  };
}

function harness(vendors: readonly VendorParser[], settings: Record<string, DeviceSettings> = {}) {
  const normalizer = new SyslogNormalizer((address) => settings[address] ?? {}, vendors);
  const flows = new FlowBatch(1);
  const run = (...records: StoredRecord[]): Fact[] => {
    const facts: Fact[] = [];
    for (const each of records) normalizer.normalize(each, { flows, fact: (fact) => facts.push(fact) });
    return facts;
  };
  return { normalizer, run };
}

const HEADER = '<13>Nov 24 03:00:00 host ';

describe('the vendor', () => {
  const both = [vendor('first', 'x'), vendor('second', 'xy')];

  test('is the first of the registry that recognizes the message', () => {
    const { run, normalizer } = harness(both);
    expect(run(record(`${HEADER}xyz`))).toMatchObject([{ parser: 'first', device: 'host', message: 'xyz' }]);
    expect(normalizer.counters().byVendor).toEqual(new Map([['first', 1]]));
  });

  test('is the same however often another came before', () => {
    const { run } = harness(both);
    const alone = run(record(`${HEADER}xyz`)).map(({ parser }) => parser);
    for (let i = 0; i < 10; i++) run(record(`${HEADER}xy`));
    expect(run(record(`${HEADER}xyz`)).map(({ parser }) => parser)).toEqual(alone);
  });

  test('by profile wins over recognition', () => {
    const { run } = harness(both, { '192.0.2.1': { profile: 'second' } });
    expect(run(record(`${HEADER}other`))).toMatchObject([{ parser: 'second' }]);
  });

  test('of a profile that does not exist is found by recognition', () => {
    const { run } = harness(both, { '192.0.2.1': { profile: 'none' } });
    expect(run(record(`${HEADER}xyz`))).toMatchObject([{ parser: 'first' }]);
  });

  test('that throws costs one message and is named', () => {
    const faulty = vendor('faulty', 'x', () => {
      throw new TypeError('no such field');
    });
    const { run, normalizer } = harness([faulty]);
    expect(run(record(`${HEADER}x`))).toMatchObject([
      { fact: 'rejected', reason: 'syslog_vendor_fault', detail: 'faulty: no such field' },
    ]);
    expect(normalizer.counters().rejected).toEqual(new Map([['syslog_vendor_fault', 1]]));
  });
});

describe('the device', () => {
  const any = [vendor('any', '')];
  const device = (settings: DeviceSettings, line: string, peer?: string, more: Record<string, DeviceSettings> = {}) =>
    harness(any, { '192.0.2.1': settings, ...more }).run(record(line, peer))[0]?.device;

  test.each([
    ['as configured', { name: 'fw' }, `${HEADER}x`, 'fw'],
    ['as it names itself', {}, `${HEADER}x`, 'host'],
    ['by address when it does not', {}, '<13>x', '192.0.2.1'],
    ['the router, not its routing engine', {}, '<13>Nov 24 03:00:00 re0.edge1 x', 'edge1'],
    ['nor the other spelling', {}, '<13>Nov 24 03:00:00 re1-edge1 x', 'edge1'],
    ['behind a relay: the host of the header', { name: 'relay', relay: true }, `${HEADER}x`, 'host'],
  ])('%s', (_, settings, line, expected) => expect(device(settings, line)).toBe(expected));

  test('behind a relay: as configured for the address in the header', () => {
    const line = '<13>Nov 24 03:00:00 198.51.100.9 x';
    expect(device({ relay: true }, line, undefined, { '198.51.100.9': { name: 'edge' } })).toBe('edge');
  });

  test("behind a relay: the device's own zone", () => {
    const settings = { '192.0.2.1': { relay: true }, '198.51.100.9': { timezone: 'Europe/Berlin' } };
    const [fact] = harness(any, settings).run(record('<13>Nov 24 03:00:00 198.51.100.9 x'));
    expect(fact?.observedAt).toBe(Date.UTC(2026, 10, 24, 2));
  });

  test('from a file: the source', () => expect(device({}, '<13>x', '')).toBe('udp://127.0.0.1:5514'));

  test.each([
    ['192.0.2.1:514', '192.0.2.1'],
    ['[2001:DB8::1]:514', '2001:db8::1'],
    ['[::ffff:192.0.2.1]:514', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['', ''],
  ])('the address of peer %j', (peer, address) => expect(peerAddressOf(peer)).toBe(address));
});

describe('what is not understood', () => {
  test.each([
    ['nothing', '', 'syslog_empty'],
    ['line ends only', '\r\n\0', 'syslog_empty'],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex'), 'syslog_binary'],
    ['text of no form', 'GET / HTTP/1.1', 'syslog_no_grammar'],
  ])('%s is rejected with a reason', (_, line, reason) => {
    const { run, normalizer } = harness([]);
    expect(run(record(line))).toMatchObject([
      { fact: 'rejected', reason, parser: 'syslog', timeQuality: 'from_receipt' },
    ]);
    expect(normalizer.counters().rejected).toEqual(new Map([[reason, 1]]));
  });

  test('a line without a header is read by a vendor that knows it', () => {
    expect(harness([vendor('any', 'GET')]).run(record('GET / HTTP/1.1'))).toMatchObject([{ fact: 'event' }]);
  });

  test('a well-formed message of no known vendor is counted and gives no fact', () => {
    const { run, normalizer } = harness([]);
    expect(run(record(`${HEADER}cron[1]: x`))).toEqual([]);
    expect(normalizer.counters()).toMatchObject({ messages: 1, unrecognized: 1 });
    expect(normalizer.counters().byGrammar).toEqual(new Map([['rfc3164', 1]]));
  });
});

describe('repeat notes', () => {
  test('alone: an event with the count', () => {
    const { run, normalizer } = harness([]);
    expect(run(record(`${HEADER}last message repeated 3 times`))).toMatchObject([
      { fact: 'event', action: 'message_repeated', extra: { repeat: 3 } },
    ]);
    expect(normalizer.counters()).toMatchObject({ repeats: 2, unrecognized: 0 });
  });

  test('with the text: the count is on its facts', () => {
    const { run } = harness([vendor('any', 'drop')]);
    expect(run(record(`${HEADER}kernel: message repeated 4 times: [ drop it]`))).toMatchObject([
      { action: 'seen', message: 'drop it', extra: { repeat: 4 } },
    ]);
  });
});

describe('numbers of the sender', () => {
  const cisco = (n: number, host = 'sw1') => record(`<189>${n}: ${host}: Nov 24 03:00:00 UTC: %SYS-5-X: y`);
  const settled = (from: number) => Array.from({ length: 70 }, (_, i) => cisco(from + i));

  test('a hole in IOS counters becomes a gap of the device', () => {
    const { run, normalizer } = harness([]);
    expect(run(cisco(1), cisco(4), ...settled(5))).toMatchObject([
      { fact: 'gap', kind: 'sequence', missing: 2n, unit: 'messages', device: 'sw1', detail: 'ios 2-3' },
    ]);
    expect(normalizer.counters()).toMatchObject({ gaps: 1, missing: 2 });
  });

  test('a restart is told without a number', () => {
    const [gap] = harness([]).run(cisco(5000), cisco(1));
    expect(gap).toMatchObject({ fact: 'gap', kind: 'restart', detail: 'ios 5000 to 1' });
    expect(gap).not.toHaveProperty('missing');
  });

  test("meta sequenceId belongs to the sender, except a relay's", () => {
    const line = (n: number) => record(`<13>1 2026-11-24T03:00:00Z h a - - [meta sequenceId="${n}"] x`);
    const lines = [line(1), line(3), ...Array.from({ length: 70 }, (_, i) => line(4 + i))];
    expect(harness([]).run(...lines)).toMatchObject([{ fact: 'gap', detail: 'meta 2' }]);
    expect(harness([], { '192.0.2.1': { relay: true } }).run(...lines)).toEqual([]);
  });

  test('numbers that a vendor finds in the body count too', () => {
    const counting = vendor('pan', 'n', ({ content }, { counter }) => {
      counter?.('panos_traffic', Number(content.slice(1)));
      return [];
    });
    const lines = [1, 2, 9, ...Array.from({ length: 70 }, (_, i) => 10 + i)].map((n) => record(`${HEADER}n${n}`));
    expect(harness([counting]).run(...lines)).toMatchObject([
      { fact: 'gap', missing: 6n, detail: 'panos_traffic 3-8' },
    ]);
  });

  test('a number that is none is left out', () => {
    const odd = vendor('odd', '', (_, { counter }) => {
      counter?.('n', Number.NaN);
      counter?.('n', -1);
      return [];
    });
    expect(harness([odd]).run(record(`${HEADER}x`), record(`${HEADER}x`))).toEqual([]);
  });
});

describe('state', () => {
  const sessions = vendor('fw', '%', ({ content }, { base }) => {
    const end = content.startsWith('%E');
    const log: SessionLog = {
      ...base,
      fact: 'session_log',
      action: end ? 'session_end' : 'session_start',
      directionSource: end ? 'unknown' : 'stated',
      source: { ip: '10.0.0.1', port: 1 },
      destination: { ip: '10.0.0.2', port: 2 },
      sessionKey: '1',
    };
    return [log];
  });
  const start = '<189>1: sw1: Nov 24 03:00:00 UTC: %S-5-X: y';
  const end = '<189>3: sw1: Nov 24 03:00:01 UTC: %E-5-X: y';

  test('an end is joined to a start of before the snapshot, and counters go on', () => {
    const one = harness([sessions]);
    one.run(record(start));
    const two = harness([sessions]);
    two.normalizer.restore(one.normalizer.snapshot());
    expect(two.run(record(end))).toMatchObject([{ action: 'session_end', directionSource: 'joined' }]);
    expect(two.normalizer.counters()).toMatchObject({ joined: 1, unjoined: 0, openSessions: 0 });
  });

  test('an end without its start is counted as not joined', () => {
    const { run, normalizer } = harness([sessions]);
    expect(run(record(end))).toMatchObject([{ directionSource: 'unknown' }]);
    expect(normalizer.counters()).toMatchObject({ joined: 0, unjoined: 1 });
  });

  test('equal state gives equal bytes', () => {
    const one = harness([sessions]);
    one.run(record(start), record(end), record(start));
    const two = harness([sessions]);
    two.normalizer.restore(one.normalizer.snapshot());
    expect(Buffer.from(two.normalizer.snapshot())).toEqual(Buffer.from(one.normalizer.snapshot()));
  });

  test.each([
    ['not JSON', 'x'],
    ['another version', '{"version":99}'],
    ['no object', '7'],
  ])('a snapshot that is %s is refused', (_, text) => {
    expect(() => harness([]).normalizer.restore(Buffer.from(text))).toThrow(NormalizerStateError);
  });

  test('nothing is ever replayed', () => {
    expect(harness([]).normalizer.takeReplays()).toEqual([]);
  });
});
