import { execFileSync } from 'node:child_process';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { addressBytes, addressText } from '../../../normalizer/model/address';
import { addressTextSql, macTextSql } from '../../../store/facts/address-sql';

const db = new Database(':memory:');
const textOf = db.prepare(`SELECT ${addressTextSql('a')} AS text FROM (SELECT ? AS a)`).pluck();
const macOf = db.prepare(`SELECT ${macTextSql('m')} AS text FROM (SELECT CAST(? AS INTEGER) AS m)`).pluck();

afterAll(() => db.close());

describe('addressTextSql', () => {
  test.each([
    ['0.0.0.0'],
    ['255.255.255.255'],
    ['10.0.9.160'],
    ['::'],
    ['::1'],
    ['fe80::'],
    ['2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1'],
    ['2001:db8:0:0:1:0:0:1'],
    ['1:2:3:4:5:6:7:8'],
    ['0:1:2:3:4:5:6:0'],
    ['1000:200:30:4::a0'],
  ])('%s is written as addressText writes it', (text) => {
    const bytes = addressBytes(text)!;
    expect(textOf.get(Buffer.from(bytes))).toBe(addressText(bytes));
  });

  test('any 4 or 16 bytes give the text of addressText', () => {
    const zeroHeavy = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(255) });
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.array(zeroHeavy, { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(address, (bytes) => {
        expect(textOf.get(Buffer.from(bytes))).toBe(addressText(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test('NULL and other lengths have no text', () => {
    expect(textOf.get(null)).toBeNull();
    expect(textOf.get(Buffer.alloc(5))).toBeNull();
  });

  const shell = hasShell() ? test : test.skip;
  shell('the plain sqlite3 shell understands it', () => {
    const sql = `SELECT ${addressTextSql('a')} FROM (SELECT x'20010db8000000000000000000000001' AS a)`;
    expect(execFileSync('sqlite3', [':memory:', sql], { encoding: 'utf8' })).toBe('2001:db8::1\n');
  });
});

describe('macTextSql', () => {
  test.each([
    [0, '00:00:00:00:00:00'],
    [0x0050569a1b2c, '00:50:56:9a:1b:2c'],
    [0xffffffffffff, 'ff:ff:ff:ff:ff:ff'],
  ])('%d', (value, text) => expect(macOf.get(value)).toBe(text));

  test('NULL has no text', () => expect(macOf.get(null)).toBeNull());
});

function hasShell(): boolean {
  try {
    execFileSync('sqlite3', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
