import { z } from 'zod';
import { LIST_FORMATS } from '../../attribution/destinations/list-formats';
import { duration, limited, list, name, section } from './values';

const destinationList = z.strictObject({
  name: name.meta({ description: 'Name that findings quote', example: 'feodo' }),
  file: z
    .string()
    .min(1)
    .meta({ description: 'File; a relative path starts at this file', example: 'lists/feodo.txt' }),
  format: z
    .enum(LIST_FORMATS)
    .prefault('plain')
    .describe('plain: one address or network a line; csv; misp_warninglist; misp_event; stix: a STIX 2.1 bundle'),
  kind: z
    .enum(['threat', 'provider', 'benign'])
    .prefault('threat')
    .describe('threat: hostile; provider: of a cloud or CDN, lowers severity; benign: its rhythms are expected'),
  tlp: z
    .enum(['clear', 'green', 'amber', 'amber+strict', 'red'])
    .prefault('clear')
    .describe('How far it may be passed on'),
  max_age: limited(duration('1h', '3650d'), 'unlimited or a duration (30d)')
    .prefault('30d')
    .describe('A warning is logged when it is older'),
  address_column: z.int().min(1).max(1000).prefault(1).describe('csv: column of the address or network, from 1'),
  label_column: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'csv: column of what it is called', example: 3 }),
});

const placeDatabase = z.strictObject({
  name: name.meta({ description: 'Name of the database in findings', example: 'asn' }),
  file: z.string().min(1).meta({
    description: 'MMDB file: networks with their autonomous system or country (GeoLite2, DB-IP, IPinfo, iptoasn)',
    example: 'GeoLite2-ASN.mmdb',
  }),
  max_age: limited(duration('1h', '3650d'), 'unlimited or a duration (90d)')
    .prefault('90d')
    .describe('A warning is logged when it is older'),
});

/** What is known of destinations, from files: nothing is ever looked up elsewhere. */
export const destinationsSection = section(
  {
    lists: list(destinationList, [], 'Threat lists, provider ranges and harmless destinations'),
    databases: list(placeDatabase, [], 'Autonomous systems and countries of addresses'),
  },
  'What is known of destinations; only from files, read at start and reload',
);

export type PlaceDatabaseConfig = z.output<typeof placeDatabase>;
export type DestinationListConfig = z.output<typeof destinationList>;
