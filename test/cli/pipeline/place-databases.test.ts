import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeTerms, placeText } from '../../../attribution/destinations/place';
import { configSchema } from '../../../cli/config/schema';
import { loadPlaces } from '../../../cli/pipeline/place-databases';
import { mmdb } from './mmdb-writer';

const BUILT = Date.UTC(2026, 10, 1);
const DAY = 86_400_000;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ascribe-places-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function load(databases: readonly object[], now = BUILT + DAY) {
  return loadPlaces(configSchema.parse({ destinations: { databases } }).destinations.databases, directory, now);
}

const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(directory, name), bytes);

test('the autonomous system of one file and the country of another', () => {
  write(
    'asn.mmdb',
    mmdb(
      'GeoLite2-ASN',
      {
        '203.0.113.0/24': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Hosting' },
        '198.51.100.0/25': { autonomous_system_number: 64_501 },
      },
      BUILT,
    ),
  );
  write('country.mmdb', mmdb('DBIP-Country-Lite', { '203.0.112.0/20': { country: { iso_code: 'DE' } } }, BUILT));
  const { places, databases, warnings } = load([
    { name: 'asn', file: 'asn.mmdb' },
    { name: 'country', file: 'country.mmdb' },
  ]);
  expect(warnings).toEqual([]);
  expect(databases).toMatchObject([{ name: 'asn', type: 'GeoLite2-ASN', date: BUILT }, { type: 'DBIP-Country-Lite' }]);
  const place = places.placeOf('203.0.113.9');
  expect(place).toEqual({
    asn: 64_500,
    organization: 'Example Hosting',
    country: 'DE',
    databases: ['asn', 'country'],
  });
  expect(placeText(place!)).toBe('AS64500 Example Hosting, DE');
  expect(placeTerms(place!)).toEqual({ asn: 64_500, as_organization: 'Example Hosting', country: 'DE' });
  expect(places.placeOf('198.51.100.7')).toEqual({ asn: 64_501, databases: ['asn'] });
  expect(places.placeOf('198.51.100.200')).toBeUndefined();
  expect(places.placeOf('2001:db8::1')).toBeUndefined();
  expect(places.placeOf('no address')).toBeUndefined();
});

test.each([
  ['IPinfo', { asn: 'AS64500', as_name: 'Example', country_code: 'FR' }, 'AS64500 Example, FR'],
  ['iptoasn', { country_code: 'FR' }, 'FR'],
  ['nothing that is known', { postal: '12345' }, undefined],
])('the fields of %s', (_, row, text) => {
  write('x.mmdb', mmdb('x', { '203.0.113.0/24': row }, BUILT));
  const place = load([{ name: 'x', file: 'x.mmdb' }]).places.placeOf('203.0.113.9');
  expect(place === undefined ? undefined : placeText(place)).toBe(text);
});

test('an old file is named, and one that is none is left out', () => {
  write('old.mmdb', mmdb('x', { '203.0.113.0/24': { country_code: 'FR' } }, BUILT));
  write('bad.mmdb', Buffer.from('no database'));
  const databases = ['old', 'bad', 'gone'].map((name) => ({ name, file: `${name}.mmdb` }));
  const { warnings, places } = load(databases, BUILT + 100 * DAY);
  expect(warnings).toEqual([
    'address database old is 100 days old: addresses change hands',
    expect.stringMatching(/^address database bad \(bad\.mmdb\) is left out: /u),
    expect.stringMatching(/^address database gone \(gone\.mmdb\) is left out: ENOENT/u),
  ]);
  expect(places.placeOf('203.0.113.9')).toMatchObject({ country: 'FR' });
});

test('a file that was damaged never throws at a look-up', () => {
  const whole = mmdb('x', { '203.0.113.0/24': { country_code: 'FR' }, '10.0.0.0/9': { asn: 'AS1' } }, BUILT);
  for (let i = 0; i < whole.length; i += 7) {
    const bytes = Buffer.from(whole);
    bytes[i] = bytes[i]! ^ 0xff;
    write('damaged.mmdb', bytes);
    const { places } = load([{ name: 'damaged', file: 'damaged.mmdb' }]);
    expect(() => places.placeOf('203.0.113.9')).not.toThrow();
  }
});
