import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileKind } from '../../../collectors/import/file-kind';
import { looksLikeFlow, messageLength } from '../../../collectors/import/flow-framing';
import { IMPORT_LIMITS } from '../../../collectors/import/import-model';
import { looksLikeSyslog } from '../../../collectors/import/payload-choice';
import { fixedMessage, ipfixMessage, pcapFile, sflowMessage, v9Message } from './capture-writer';
import { readImport, RECEIVED_AT, skips } from './read-import';

const text = (parts: readonly Uint8Array[]) => parts.map((part) => Buffer.from(part).toString('latin1'));

describe('fileKind', () => {
  test.each([
    ['pcap', 'd4c3b2a1', 'pcap'],
    ['pcap, nanoseconds', 'a1b23c4d', 'pcap'],
    ['pcapng', '0a0d0d0a1c0000004d3c2b1a', 'pcapng'],
    ['NetFlow v5', '00050001', 'flow_payload'],
    ['NetFlow v9', '0009', 'flow_payload'],
    ['IPFIX', '000a0010', 'flow_payload'],
    ['sFlow', '0000000500000001', 'flow_payload'],
    ['syslog', Buffer.from('<13>hello').toString('hex'), 'text'],
    ['Latin-1 text', '3c31333ee4f6fc', 'text'],
    ['empty', '', 'text'],
    ['one byte', '41', 'text'],
  ])('%s', (_name, hex, kind) => {
    expect(fileKind(Buffer.from(hex, 'hex'))).toBe(kind);
  });

  test.each([
    ['zip', '504b0304', 'a zip archive'],
    ['xz', 'fd377a585a00', 'xz-compressed'],
    ['zstd', '28b52ffd', 'zstd-compressed'],
    ['nfdump', '0ca50200', 'an nfdump file'],
    ['UTF-16', 'fffe3c00', 'UTF-16 text'],
    ['an executable', '7f454c4600', 'of an unknown kind'],
  ])('%s is refused by name', async (_name, hex, name) => {
    expect(fileKind(Buffer.from(hex, 'hex'))).toEqual({ foreign: name });
    await expect(readImport(Buffer.from(hex, 'hex'))).rejects.toMatchObject({
      code: 'import_kind',
      message: `file is ${name}`,
    });
  });
});

describe('a kind that is assumed', () => {
  test.each([
    ['text that begins like NetFlow', Buffer.from('\0\u0009abc\n'), 'text', ['\0\u0009abc']],
    ['a payload that begins like text', Buffer.from('<13>abc\n'), 'flow_payload', ['<13>abc\n']],
    ['a payload of no known kind', Buffer.from([0, 99, 1]), 'flow_payload', ['\0c\u0001']],
  ] as const)('%s', async (_name, content, assume, payloads) => {
    const read = await readImport(content, { assume });
    expect([read.summary.kind, read.payloads]).toEqual([assume, payloads]);
  });

  test('a capture is recognised all the same', async () => {
    const read = await readImport(pcapFile([]), { assume: 'text' });
    expect(read.summary).toMatchObject({ kind: 'pcap', records: 0, truncated: undefined });
  });
});

describe('flow framing', () => {
  const v8 = Buffer.alloc(28 + 2 * 40);
  v8.writeUInt16BE(8, 0);
  v8.writeUInt16BE(2, 2);
  v8[22] = 5;
  const padded = Buffer.concat([v9Message(1), Buffer.alloc(2)]);

  test.each([
    ['v1', fixedMessage(1, 3), true],
    ['v5', fixedMessage(5, 30), true],
    ['v7', fixedMessage(7, 2), true],
    ['v8, prefix aggregation', v8, true],
    ['v9', v9Message(1), true],
    ['v9 with padding at its end', padded, true],
    ['IPFIX', ipfixMessage(1), true],
    ['sFlow', sflowMessage([8, 0, 120]), true],
    ['v5 header without records', fixedMessage(5, 0), true],
    ['v5 cut', fixedMessage(5, 2).subarray(0, -1), false],
    ['v5 with more', Buffer.concat([fixedMessage(5, 2), Buffer.alloc(1)]), false],
    ['IPFIX header alone', ipfixMessage(1).subarray(0, 16), false],
    ['IPFIX longer than stated', Buffer.concat([ipfixMessage(1), Buffer.alloc(4)]), false],
    ['v9 with a set of length zero', Buffer.concat([v9Message(1), Buffer.alloc(4)]), false],
    ['v9 with a set beyond the end', v9Message(1, 100).subarray(0, 60), false],
    ['v9 with a reserved set', Buffer.concat([v9Message(1), Buffer.from([0, 77, 0, 4])]), false],
    ['sFlow with a sample beyond the end', sflowMessage([8]).subarray(0, -4), false],
    [
      'sFlow of an unknown address type',
      Buffer.concat([Buffer.from([0, 0, 0, 5, 0, 0, 0, 9]), Buffer.alloc(40)]),
      false,
    ],
    ['DNS', Buffer.from('000a01000001000000000000076578616d706c6503636f6d0000010001', 'hex'), false],
    ['nothing', Buffer.alloc(0), false],
  ])('%s', (_name, payload, expected) => {
    expect(looksLikeFlow(payload)).toBe(expected);
  });

  test('no bytes make it throw or promise more than there is', () => {
    const version = fc.constantFrom([0, 1], [0, 5], [0, 7], [0, 8], [0, 9], [0, 10], [0, 0, 0, 5]);
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 120 }), fc.nat(8), (head, rest, at) => {
        const bytes = Buffer.concat([Buffer.alloc(at), Buffer.from(head), rest]);
        const length = messageLength(bytes, at, bytes.length);
        if (length === undefined) return;
        expect(length).toBeGreaterThanOrEqual(16);
        expect(length).toBeLessThanOrEqual(bytes.length - at);
      }),
      { numRuns: 1000 },
    );
  });

  test('v9 ends where the next message begins', () => {
    for (const next of [v9Message(2), ipfixMessage(2), fixedMessage(5, 1)]) {
      const both = Buffer.concat([v9Message(1), next]);
      expect(messageLength(both, 0, both.length)).toBe(v9Message(1).length);
    }
  });
});

test.each([
  ['<0>', true],
  ['<191>x', true],
  ['<192>x', false],
  ['<>x', false],
  ['<1234>', false],
  ['<1a>', false],
  ['<13', false],
  ['13>', false],
  ['', false],
])('looksLikeSyslog(%j) is %s', (payload, expected) => {
  expect(looksLikeSyslog(Buffer.from(payload))).toBe(expected);
});

describe('payload files', () => {
  const many = Array.from({ length: 3000 }, (_, index) =>
    index % 2 === 0 ? v9Message(index, 24) : ipfixMessage(index, 40),
  );
  test.each([
    ['one v9 message', [v9Message(1)]],
    ['v9 messages', [v9Message(1), v9Message(2), v9Message(3)]],
    ['v5 messages', [fixedMessage(5, 1), fixedMessage(5, 30)]],
    ['sFlow messages', [sflowMessage([4]), sflowMessage([8, 8])]],
    ['versions mixed', [v9Message(1), fixedMessage(5, 2), ipfixMessage(1), v9Message(2)]],
    ['more than fits in a datagram', many],
  ])('%s', async (_name, messages) => {
    for (const piece of [1000, 1 << 20]) {
      const read = await readImport(Buffer.concat(messages), {}, piece);
      expect(read.payloads).toEqual(text(messages));
      expect(read.summary).toMatchObject({ kind: 'flow_payload', records: messages.length, truncated: undefined });
    }
    const [record] = (await readImport(messages[0]!)).records;
    expect(record).toMatchObject({ origin: { peer: '', format: 'flow' }, receivedAt: RECEIVED_AT });
  });

  test.each([
    ['a message shorter than it says', ipfixMessage(1).subarray(0, 20)],
    ['a v9 set beyond the end', v9Message(1, 100).subarray(0, 60)],
    ['bytes behind the message that begin none', Buffer.concat([fixedMessage(5, 1), Buffer.from([9, 9, 9])])],
    ['two bytes', Buffer.from([0, 9])],
  ])('%s is one payload, whole', async (_name, payload) => {
    const read = await readImport(payload);
    expect(read.payloads).toEqual(text([payload]));
    expect(read.summary.truncated).toBeUndefined();
  });

  test('a second message cut short is told; the first is kept', async () => {
    const read = await readImport(Buffer.concat([ipfixMessage(1), ipfixMessage(2).subarray(0, 20)]));
    expect(read.payloads).toEqual(text([ipfixMessage(1)]));
    expect(read.summary.truncated).toMatchObject({ offset: ipfixMessage(1).length, reason: 'cut_short' });
  });

  test('garbage in a large file ends it there', async () => {
    const read = await readImport(Buffer.concat([...many, Buffer.alloc(70_000, 77)]));
    expect(read.records.length).toBe(3000);
    expect(read.summary.truncated).toMatchObject({ offset: Buffer.concat(many).length, reason: 'corrupt' });
  });

  const folder = join(__dirname, '../../../../shared/data/flow');
  const files = list(folder);
  (files.length > 0 ? test.each(files) : test.skip.each(['no captures beside the repository']))(
    'every byte of %s becomes a record',
    async (name) => {
      const file = readFileSync(join(folder, name));
      const read = await readImport(file);
      expect(read.payloads.join('')).toBe(file.toString('latin1'));
      expect(read.summary).toMatchObject({ kind: 'flow_payload', truncated: undefined });
    },
  );
});

describe('text', () => {
  test.each([
    ['LF', 'a\nbc\n', ['a', 'bc'], {}],
    ['CR LF', 'a\r\nbc\r\n', ['a', 'bc'], {}],
    ['no ending on the last line', 'a\nbc', ['a', 'bc'], {}],
    ['empty lines', '\n\na\n\r\n', ['a'], { empty_line: 3 }],
    ['a CR inside', 'a\rb\n', ['a\rb'], {}],
    ['bytes that are no UTF-8', '<13>\xe4\xff\n', ['<13>\xe4\xff'], {}],
    ['nothing', '', [], {}],
  ])('%s', async (_name, content, lines, expected) => {
    for (const piece of [1, 3, 1000]) {
      const read = await readImport(Buffer.from(content, 'latin1'), {}, piece);
      expect(read.payloads).toEqual(lines);
      expect(skips(read)).toEqual(expected);
      expect(read.summary).toMatchObject({ kind: 'text', truncated: undefined });
      expect(
        read.records.every((record) => record.origin.format === 'syslog' && record.receivedAt === RECEIVED_AT),
      ).toBe(true);
    }
  });

  test.each([
    ['at the limit', IMPORT_LIMITS.lineBytes, 0],
    ['one more', IMPORT_LIMITS.lineBytes + 1, 1],
    ['far more', 3_000_000, 1],
  ])('a line %s', async (_name, length, cut) => {
    const read = await readImport(Buffer.from(`first\n${'x'.repeat(length)}\nlast\n`), {}, 50_000);
    expect(read.payloads.map((line) => line.length)).toEqual([5, Math.min(length, IMPORT_LIMITS.lineBytes), 4]);
    expect(skips(read)).toEqual(cut === 0 ? {} : { line_cut: 1 });
  });

  test('a long line at the end of the file', async () => {
    const read = await readImport(Buffer.alloc(200_000, 120), {}, 1000);
    expect(read.payloads.map((line) => line.length)).toEqual([IMPORT_LIMITS.lineBytes]);
    expect(skips(read)).toEqual({ line_cut: 1 });
  });
});

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.dat'));
  } catch {
    return [];
  }
}

describe('the debug log of a Windows DNS server', () => {
  const question =
    '11/24/2026 2:10:05 AM 0E4C PACKET  000001D0C0A7E6D0 UDP Rcv 10.0.0.5 a3f1   Q [0001   D   NOERROR] A (3)www(0)';
  const file = [
    'DNS Server log file creation at 11/24/2026',
    question,
    'UDP question info',
    '  Name "(3)www(0)"',
    '',
    question,
    '',
  ];

  test.each([7, 1 << 20])('is taken in packet by packet, read %d bytes at a time', async (piece) => {
    const { payloads, summary } = await readImport(Buffer.from(file.join('\r\n')), {}, piece);
    expect(summary.kind).toBe('text');
    expect(payloads).toEqual([file[0], `${question}\nUDP question info\n  Name "(3)www(0)"`, question]);
  });

  test('ends a packet that is too long', async () => {
    const lines = Array.from({ length: 2000 }, () => ` DATA ${'x'.repeat(60)}`);
    const { payloads, summary } = await readImport(Buffer.from([question, ...lines, question].join('\n')));
    expect(payloads.map(({ length }) => length <= IMPORT_LIMITS.lineBytes)).toEqual([true, true]);
    expect(summary.skipped.get('line_cut')).toBe(1);
  });
});
