import fc from 'fast-check';
import { ipv4, ipv6, LINK, pcapFile, udpSegment, v6Fragment, v9Message } from './capture-writer';
import { readImport, skips } from './read-import';

const payload = v9Message(7, 3000);
const segment = udpSegment({
  source: '',
  destination: '',
  sourcePort: 9,
  destinationPort: 2055,
  payload,
});
const A = '20010db8000000000000000000000001';
const B = '20010db8000000000000000000000002';

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly more?: boolean;
  readonly id?: number;
  readonly at?: number;
}

const v4Piece = ({ from, to, more = to < segment.length, id = 1 }: Piece) =>
  ipv4('192.0.2.1', '192.0.2.2', segment.subarray(from, to), { id, offset: from, more });
const v6Piece = ({ from, to, more = to < segment.length, id = 1 }: Piece) =>
  ipv6(A, B, v6Fragment(17, from, more, id, segment.subarray(from, to)), 44);

const first = { from: 0, to: 1480 };
const second = { from: 1480, to: 2960 };
const last = { from: 2960, to: segment.length };

function capture(pieces: readonly Piece[], write: (piece: Piece) => Buffer): Buffer {
  const packets = pieces.map((piece) => ({ bytes: write(piece), time: BigInt(piece.at ?? 0) * 1_000_000_000n }));
  return pcapFile(packets, { linkType: LINK.raw });
}

describe.each([
  ['IPv4', v4Piece],
  ['IPv6', v6Piece],
])('fragments over %s', (_family, write) => {
  test.each([
    ['in order', [first, second, last]],
    ['in reverse', [last, second, first]],
    ['one twice', [first, second, second, last]],
    ['two datagrams mixed', [first, { ...first, id: 2 }, { ...last, id: 2 }, second, last, { ...second, id: 2 }]],
  ])('%s', async (_name, pieces) => {
    const read = await readImport(capture(pieces, write));
    const wanted = payload.toString('latin1');
    expect(read.payloads).toEqual(pieces.length > 4 ? [wanted, wanted] : [wanted]);
    expect(skips(read)).toEqual({});
  });

  test.each([
    ['one missing', [first, last], { fragment_incomplete: 1 }],
    ['the last missing', [first, second], { fragment_incomplete: 1 }],
    ['an overlap, counted once', [first, { from: 1472, to: 2960 }, second, last], { fragment_refused: 1 }],
    ['a length that is no multiple of eight', [{ from: 0, to: 1481 }], { fragment_refused: 1 }],
    ['an empty fragment', [{ from: 0, to: 0 }], { fragment_refused: 1 }],
    ['two last ones', [last, { from: 1480, to: 2960, more: false }], { fragment_refused: 1 }],
    [
      'one behind the last',
      [
        { ...second, more: false },
        { ...last, more: true, to: last.from + 8 },
      ],
      { fragment_refused: 1 },
    ],
    [
      'too late',
      [
        { ...first, at: 0 },
        { ...second, at: 61 },
        { ...last, at: 61 },
      ],
      { fragment_incomplete: 2 },
    ],
  ])('%s', async (_name, pieces, expected) => {
    const read = await readImport(capture(pieces, write));
    expect(read.records).toEqual([]);
    expect(skips(read)).toEqual(expected);
  });

  test('more than 64 at once: the oldest is given up', async () => {
    const heads = Array.from({ length: 65 }, (_, id) => ({ ...first, id }));
    const read = await readImport(capture([...heads, { ...second, id: 64 }, { ...last, id: 64 }], write));
    expect(read.payloads.length).toBe(1);
    expect(skips(read)).toEqual({ fragment_incomplete: 64 });
  });

  test('a thousand fragments of one datagram are refused', async () => {
    const pieces = Array.from({ length: 370 }, (_, index) => ({ from: index * 8, to: index * 8 + 8, more: true }));
    expect(skips(await readImport(capture(pieces, write)))).toEqual({ fragment_refused: 1 });
  });

  test('any order of any cut gives the datagram once', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: Math.floor(segment.length / 8) }), { maxLength: 40 });
    const shuffled = cuts.chain((at) => {
      const edges = [0, ...at.toSorted((a, b) => a - b).map((cut) => cut * 8), segment.length];
      const pieces = edges
        .slice(1)
        .map((to, index) => ({ from: edges[index]!, to }))
        .filter(({ from, to }) => from < to);
      return fc.shuffledSubarray(pieces, { minLength: pieces.length });
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async (pieces) => {
        const read = await readImport(capture(pieces, write));
        expect(read.payloads).toEqual([payload.toString('latin1')]);
      }),
      { numRuns: 40 },
    );
  });
});

test('an IPv6 atomic fragment is a whole datagram', async () => {
  const bytes = ipv6(A, B, v6Fragment(17, 0, false, 5, segment), 44);
  const read = await readImport(pcapFile([{ bytes, time: 0n }], { linkType: LINK.raw }));
  expect(read.payloads.length).toBe(1);
});

test('a datagram put together beyond 64 KiB is refused', async () => {
  const bytes = ipv4('192.0.2.1', '192.0.2.2', Buffer.alloc(64), { offset: 65_528, more: false });
  expect(skips(await readImport(pcapFile([{ bytes, time: 0n }], { linkType: LINK.raw })))).toEqual({
    fragment_refused: 1,
  });
});
