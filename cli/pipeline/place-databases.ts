import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as MaxMind from 'maxmind';
import type { Place, PlaceBook } from '../../attribution/destinations/place';
import type { PlaceDatabaseConfig } from '../config/destinations';
import { codeOf, messageOf } from '../thrown';

/** A database that was read, to be named in signatures and reports. */
export interface LoadedDatabase {
  readonly name: string;
  readonly sha256: string;
  /** When it was built, by its own word; epoch ms. */
  readonly date: number;
  /** What it calls itself: `GeoLite2-ASN`. */
  readonly type: string;
}

/** The databases that could be read, and one sentence for each that could not, or is old. */
export interface LoadedPlaces {
  readonly places: PlaceBook;
  readonly databases: readonly LoadedDatabase[];
  readonly warnings: readonly string[];
}

type Lookup = (address: string) => unknown;

const LARGEST = 1 << 30;
const LONGEST_NAME = 120;
const DAY = 86_400_000;

/**
 * Reads databases in the MaxMind DB format (https://maxmind.github.io/MaxMind-DB/, version 2.0), of MaxMind, DB-IP, IPinfo or
 * iptoasn. One that cannot be read is left out and named; the others stand. `now`: epoch ms.
 */
export function loadPlaces(configured: readonly PlaceDatabaseConfig[], directory: string, now: number): LoadedPlaces {
  const lookups: { readonly name: string; readonly lookup: Lookup }[] = [];
  const databases: LoadedDatabase[] = [];
  const warnings: string[] = [];
  for (const { name, file, max_age: oldest } of configured) {
    try {
      const { lookup, database } = openDatabase(name, resolve(directory, file));
      lookups.push({ name, lookup });
      databases.push(database);
      const age = now - database.date;
      if (oldest !== undefined && age > oldest) {
        warnings.push(`address database ${name} is ${Math.floor(age / DAY)} days old: addresses change hands`);
      }
    } catch (error) {
      warnings.push(`address database ${name} (${file}) is left out: ${codeOf(error) ?? ''} ${messageOf(error)}`);
    }
  }
  return { places: { placeOf: (address) => merged(address, lookups) }, databases, warnings };
}

function openDatabase(name: string, path: string): { readonly lookup: Lookup; readonly database: LoadedDatabase } {
  // Only where a site keeps databases.
  const { Reader } = require('maxmind') as typeof MaxMind;
  if (statSync(path).size > LARGEST) throw new Error(`is larger than ${LARGEST >> 20} MiB`);
  const bytes = readFileSync(path);
  const reader = new Reader<MaxMind.Response>(bytes);
  const { buildEpoch, databaseType } = reader.metadata;
  return {
    lookup: (address) => reader.get(address),
    database: {
      name,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      date: buildEpoch.getTime(),
      type: databaseType,
    },
  };
}

/** What all databases say together, the first that says a thing first. */
function merged(
  address: string,
  lookups: readonly { readonly name: string; readonly lookup: Lookup }[],
): Place | undefined {
  const found = lookups.flatMap(({ name, lookup }) => {
    const place = read(lookup, address);
    return place === undefined ? [] : [{ name, place }];
  });
  if (found.length === 0) return undefined;
  const places = found.map(({ place }) => place).reverse();
  return { ...Object.assign({}, ...places), databases: found.map(({ name }) => name) } as Place;
}

/** A database that is damaged inside tells nothing. */
function read(lookup: Lookup, address: string): Omit<Place, 'databases'> | undefined {
  let row: unknown;
  try {
    row = lookup(address);
  } catch {
    return undefined;
  }
  if (typeof row !== 'object' || row === null) return undefined;
  const fields = row as Readonly<Record<string, unknown>>;
  const asn = numberOf(fields['autonomous_system_number'] ?? fields['asn']);
  const organization = textOf(
    fields['autonomous_system_organization'] ?? fields['as_name'] ?? fields['as_organization'],
  );
  const country = countryOf(fields);
  if (asn === undefined && organization === undefined && country === undefined) return undefined;
  return {
    ...(asn !== undefined && { asn }),
    ...(organization !== undefined && { organization }),
    ...(country !== undefined && { country }),
  };
}

/** `country.iso_code` of MaxMind and DB-IP; `country_code` or `country` of others. */
function countryOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const nested = [fields['country'], fields['registered_country']].map((value) =>
    typeof value === 'object' && value !== null ? (value as { readonly iso_code?: unknown }).iso_code : value,
  );
  return [...nested, fields['country_code']].find(isCountry);
}

function isCountry(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{2}$/u.test(value);
}

/** 64500, `64500` or `AS64500`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const digits = typeof value === 'string' ? /^(?:AS)?(\d{1,10})$/u.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_NAME) : undefined;
}
