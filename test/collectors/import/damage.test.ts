import fc from 'fast-check';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { importStream, openImport } from '../../../collectors/import/import-reader';
import {
  fixedMessage,
  ipfixMessage,
  linkFrame,
  LINK,
  NgWriter,
  pcapFile,
  udpOverV4,
  v9Message,
} from './capture-writer';
import { IMPORT_LIMITS } from '../../../collectors/import/import-model';
import { drain, readImport, type Read } from './read-import';

const messages = [v9Message(1), ipfixMessage(2), fixedMessage(5, 1), Buffer.from('<13>short')];
const frames = messages.map((payload) =>
  linkFrame(
    LINK.ethernet,
    udpOverV4({ source: '192.0.2.1', sourcePort: 1, destination: '192.0.2.2', destinationPort: 2055, payload }),
  ),
);
const ng = new NgWriter();

const files: readonly (readonly [string, Buffer])[] = [
  ['pcap', pcapFile(frames.map((bytes) => ({ bytes, time: 1_700_000_000_000_000_000n })))],
  [
    'pcapng',
    Buffer.concat([
      ng.section(),
      ng.interface({ linkType: LINK.ethernet }),
      ...frames.map((bytes) => ng.enhanced(bytes, 1_700_000_000_000_000n)),
    ]),
  ],
  ['payloads', Buffer.concat(messages.slice(0, 3))],
  ['text', Buffer.from('<13>one\n<14>two\r\n<15>three\n')],
];

describe.each(files)('%s cut at every byte', (name, file) => {
  test('gives what is whole and says where it broke', async () => {
    const all = await readImport(file);
    expect(all.records.length).toBeGreaterThan(2);
    const seen = new Set<number>();
    for (let length = 0; length < file.length; length += 1) {
      const read = await readImport(file.subarray(0, length)).catch(isKindError);
      if (read === undefined) continue;
      const { truncated } = read.summary;
      seen.add(read.records.length);
      if (name === 'pcap' || name === 'pcapng') {
        if (read.summary.kind === name) expect(read.payloads).toEqual(all.payloads.slice(0, read.records.length));
        if (truncated !== undefined)
          expect([truncated.offset <= length, truncated.reason]).toEqual([true, 'cut_short']);
      } else {
        // These two have no frame around a record: the last one may be a shorter one.
        expect(read.payloads.slice(0, -1)).toEqual(all.payloads.slice(0, Math.max(0, read.records.length - 1)));
      }
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test('in pieces of any size it reads the same', async () => {
    const all = await readImport(file);
    for (const piece of [1, 2, 3, 7, 64]) expect((await readImport(file, {}, piece)).payloads).toEqual(all.payloads);
  });

  test('with any bytes changed it ends and does not throw', async () => {
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const copy = Buffer.from(file);
        for (const [at, value] of changes) copy[at] = value;
        await readImport(copy).catch(isKindError);
      }),
      { numRuns: 300 },
    );
  });
});

test('a capture header followed by any bytes ends and does not throw', async () => {
  const heads = [files[0]![1].subarray(0, 24), files[1]![1].subarray(0, 28 + 36), Buffer.from([0, 9]), Buffer.alloc(0)];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 400 }), async (head, rest) => {
      await readImport(Buffer.concat([head, rest])).catch(isKindError);
    }),
    { numRuns: 400 },
  );
});

describe('files on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function readFile(name: string, content: Uint8Array): Promise<Read> {
    const path = join(folder, name);
    writeFileSync(path, content);
    return drain(await openImport(path));
  }

  test.each(files)('%s, plain and gzip-compressed, read the same', async (name, file) => {
    const { payloads } = await readImport(file);
    expect((await readFile(name, file)).payloads).toEqual(payloads);
    const packed = await readFile(`${name}.gz`, gzipSync(file));
    expect(packed.payloads).toEqual(payloads);
    expect(packed.summary.truncated).toBeUndefined();
  });

  test('the file stands in the origin, its time of change where there is no other', async () => {
    const path = join(folder, 'dated');
    writeFileSync(path, 'one\n');
    utimesSync(path, 1_600_000_000, 1_600_000_000.5);
    const read = await drain(await openImport(path));
    expect(read.records).toMatchObject([{ origin: { source: path }, receivedAt: 1_600_000_000_500 }]);
  });

  test('gzip of several members', async () => {
    const read = await readFile('members.gz', Buffer.concat([gzipSync('one\ntw'), gzipSync('o\nthree\n')]));
    expect(read.payloads).toEqual(['one', 'two', 'three']);
  });

  test('gzip cut at every byte gives whole lines only, in order, and says that it is damaged', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `<13>line ${index} ${(index * 7919).toString(36)}`);
    const packed = gzipSync(lines.map((line) => `${line}\n`).join(''));
    for (let length = 2; length < packed.length; length += 1) {
      const read = await readFile('cut.gz', packed.subarray(0, length));
      expect(read.payloads).toEqual(lines.slice(0, read.records.length));
      expect(read.summary.truncated?.reason).toBe('damaged_compression');
    }
  });

  test('much that was unpacked before damage is kept', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `<13>line ${index} ${(index * 7919).toString(36)}`);
    const packed = gzipSync(lines.map((line) => `${line}\n`).join(''));
    const half = packed.length >> 1;
    const cut = await readFile('half.gz', packed.subarray(0, half));
    expect(cut.payloads).toEqual(lines.slice(0, cut.payloads.length));
    expect(cut.records.length).toBeGreaterThan(25_000);
    const broken = Buffer.from(packed);
    broken.fill(0xff, half, half + 64);
    const damaged = await readFile('broken.gz', broken);
    expect(damaged.records.length).toBeGreaterThan(20_000);
    expect(damaged.payloads.slice(0, 20_000)).toEqual(lines.slice(0, 20_000));
    expect(damaged.summary.truncated?.reason).toBe('damaged_compression');
  });

  test('a compression bomb is stopped', async () => {
    const read = await readFile('bomb.gz', gzipSync(Buffer.alloc(80 * 1024 * 1024, 120), { level: 9 }));
    expect(read.payloads.map((line) => line.length)).toEqual([IMPORT_LIMITS.lineBytes]);
    expect(read.summary.truncated).toMatchObject({ reason: 'compression_bomb' });
    expect(read.summary.truncated!.offset).toBeLessThan(50 * 1024 * 1024);
  });

  test('a file that is not there, and a folder, are refused with the code of the system', async () => {
    await expect(openImport(join(folder, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(openImport(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test.each(files)('%s as a stream, plain and compressed', async (_name, file) => {
    const { payloads } = await readImport(file);
    for (const content of [file, gzipSync(file)]) {
      const pieces = [content.subarray(0, 1), Buffer.alloc(0), content.subarray(1)];
      const read = await drain(importStream(Readable.from(pieces), { source: 'stdin', receivedAt: 1 }));
      expect(read.payloads).toEqual(payloads);
      expect(read.summary.truncated).toBeUndefined();
      expect(read.records[0]?.origin.source).toBe('stdin');
    }
  });

  test('a stream that fails gives what came before and says so', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('one\ntwo\nthr');
        throw new Error('the pipe broke');
      })(),
    );
    const read = await drain(importStream(failing, { source: 'stdin', receivedAt: 1 }));
    expect(read.payloads).toEqual(['one', 'two']);
    expect(read.summary.truncated).toEqual({ offset: 8, reason: 'read_error', detail: 'the pipe broke' });
  });

  test('leaving early closes the file', async () => {
    const path = join(folder, 'early');
    writeFileSync(path, 'one\ntwo\n');
    const reader = await openImport(path);
    for await (const record of reader.records()) {
      expect(Buffer.from(record.bytes).toString()).toBe('one');
      break;
    }
    expect(reader.summary.records).toBe(1);
  });
});

function isKindError(error: unknown): undefined {
  expect(error).toMatchObject({ code: 'import_kind' });
}
