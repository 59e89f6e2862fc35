import fc from 'fast-check';
import { addressText, unmapped } from '../../../normalizer/model/address';
import { IndexReader } from '../../../normalizer/snmp/index-reader';
import { indexOf } from '../../../normalizer/snmp/table-rows';

const octets = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const address = fc.oneof(octets(4), octets(16)).filter((bytes) => bytes.some((octet) => octet !== 0));
const canonical = (bytes: Uint8Array): string => addressText(unmapped(bytes));
const part = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

describe('IndexReader', () => {
  it('reads every address of RFC 4001 back, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), address, fc.array(part, { maxLength: 3 }), (lead, bytes, tail) => {
        const type = bytes.length === 4 ? 1 : 2;
        const reader = new IndexReader([...lead, type, bytes.length, ...bytes, ...tail]);
        for (const number of lead) expect(reader.take()).toBe(number);
        expect(reader.inetAddress(tail.length)?.ip).toBe(canonical(bytes));
        expect(reader.left).toBe(tail.length);
      }),
    );
  });

  it('reads it without its length where the count of numbers proves it', () => {
    fc.assert(
      fc.property(address, fc.array(part, { maxLength: 3 }), (bytes, tail) => {
        const reader = new IndexReader([bytes.length === 4 ? 1 : 2, ...bytes, ...tail]);
        expect(reader.inetAddress(tail.length)?.ip).toBe(canonical(bytes));
        expect(reader.left).toBe(tail.length);
      }),
    );
  });

  it('reads any two addresses and ports of a connection', () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    fc.assert(
      fc.property(address, port, address, port, (local, localPort, remote, remotePort) => {
        const typed = (bytes: Uint8Array): number[] => [bytes.length === 4 ? 1 : 2, bytes.length, ...bytes];
        const reader = new IndexReader([...typed(local), localPort, ...typed(remote), remotePort]);
        expect(reader.inetAddress()?.ip).toBe(canonical(local));
        expect(reader.take()).toBe(localPort);
        expect(reader.inetAddress(1)?.ip).toBe(canonical(remote));
        expect(reader.take()).toBe(remotePort);
        expect(reader.left).toBe(0);
      }),
    );
  });

  it('leaves the reader where it was when it cannot read', () => {
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 24 }),
        fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
        (parts, tail) => {
          const reader = new IndexReader(parts);
          if (reader.inetAddress(tail) === undefined) expect(reader.left).toBe(parts.length);
          const { left } = reader;
          if (reader.mac() === undefined) expect(reader.left).toBe(left);
          else expect(reader.left).toBe(left - 6);
        },
      ),
    );
  });

  it('an unknown type without octets is any address', () => {
    const reader = new IndexReader([0, 0, 161]);
    expect(reader.inetAddress()).toEqual({ ip: undefined, zone: undefined });
    expect(reader.take()).toBe(161);
  });
});

describe('indexOf', () => {
  it('reads what numbers joined by dots are', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(parts, (numbers) => expect(indexOf(numbers.join('.'))).toEqual(numbers)));
  });

  it.each(['', '.', '1.', '.1', '1..2', '-1', '1e3', '0x1', '4294967296', ' 1', '1.a'])('refuses "%s"', (text) => {
    expect(indexOf(text)).toBeUndefined();
  });
});
