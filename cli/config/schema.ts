import { z } from 'zod';
import { FORWARD_EXAMPLE, forwardConfig } from '../../forwarders/forward-config';
import { COLLECTORS } from '../collectors';
import { assetsSection } from './assets';
import { destinationsSection } from './destinations';
import { findingsSection } from './findings';
import { duration, limited, list, name, network, section, size, timezone } from './values';

const { netflow, syslog, snmp, ssh } = COLLECTORS;

/**
 * The configuration. The descriptions are the documentation: `init` writes them into the sample file and the JSON
 * Schema carries them. Durations come out in milliseconds, sizes in bytes.
 */

const device = z.strictObject({
  name: name.meta({ description: 'Name under which facts of this device are kept', example: 'edge-1' }),
  addresses: z
    .array(network)
    .min(1)
    .meta({ description: 'Addresses it sends from; the longest matching network wins', example: ['192.0.2.1'] }),
  profile: name
    .optional()
    .meta({ description: 'Syslog dialect that wins over recognition by content', example: 'cisco_asa' }),
  timezone: timezone
    .optional()
    .meta({ description: 'Zone of its times that name none; UTC when left out', example: 'Europe/Berlin' }),
  scope: name.optional().meta({ description: 'Site, VRF or VDOM in which its addresses are meant', example: 'berlin' }),
  relay: z.boolean().prefault(false).describe("It relays others' messages: the host in the header is the device"),
  sampling_rate: z
    .int()
    .min(1)
    .max(0xffff_ffff)
    .optional()
    .meta({ description: 'It exports one packet in so many, if it does not say so itself', example: 1000 }),
  sampling_override: z.boolean().prefault(false).describe('sampling_rate wins over what the exporter says'),
});

const keep = (about: string) =>
  section(
    {
      max_age: limited(duration('1h', '36500d'), 'unlimited or a duration (30d)')
        .prefault('unlimited')
        .describe('Whole segments older than this are removed'),
      max_size: limited(size('64MiB', '1PiB'), 'unlimited or a size (100GiB)')
        .prefault('unlimited')
        .describe('The oldest segments are removed beyond this size'),
    },
    about,
  );

export const configSchema = z.strictObject({
  data: z.string().min(1).prefault('./ascribe-data').describe('Data directory; a relative path starts at this file'),
  home_networks: list(
    network,
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
    'Networks of our own: what is inside, so that outbound can be told from inbound',
  ),
  collectors: section(
    {
      netflow: list(netflow.config, [{}], `${netflow.summary} An empty list turns it off`),
      syslog: list(syslog.config, [{}], `${syslog.summary} An empty list turns it off`),
      snmp: list(snmp.config, [], '').meta({
        description: `${snmp.summary} Traps alone, on 5162 and of any community, while nothing is set under collectors; such as:`,
        sample: snmp.example,
      }),
      ssh: list(ssh.config, [], '').meta({
        description: `${ssh.summary} Off by default; such as:`,
        sample: ssh.example,
      }),
    },
    'Ways in',
  ),
  devices: list(device, [], 'What is known of senders beyond what they say'),
  journal: section(
    {
      rotate_after: duration('1m', '24h').prefault('1h').describe('A new segment begins at least this often'),
      checkpoint_after: duration('10s', '24h')
        .prefault('5m')
        .describe('What the journal holds is signed this often, and sent to every destination in `forward`'),
      rotate_bytes: size('1MiB', '64GiB').prefault('256MiB').describe('A new segment begins beyond this size'),
      reserve_bytes: size('0B', '1TiB')
        .prefault('256MiB')
        .describe('Facts stop when less is free; so much is also kept for the journal alone, to go on longest'),
    },
    'The raw records',
  ),
  retention: section(
    { raw: keep('Raw journal segments'), facts: keep('Facts derived from them') },
    'What is removed, and when; unlimited: nothing',
  ),
  sessions: section(
    {
      tcp_gap: duration('1s', '24h').prefault('5m').describe('A longer pause between TCP records makes two sessions'),
      udp_gap: duration('1s', '24h').prefault('3m').describe('The same for UDP'),
      icmp_gap: duration('1s', '24h').prefault('1m').describe('The same for ICMP'),
      other_gap: duration('1s', '24h').prefault('5m').describe('The same for every other protocol'),
      active_timeout: duration('1s', '24h')
        .prefault('30m')
        .describe('Longest active timeout of any exporter: how late a record may come after its first packet'),
      clock_skew: duration('0s', '24h').prefault('2m').describe('How far the clocks of two exporters may differ'),
    },
    'How flow records become sessions',
  ),
  findings: findingsSection,
  destinations: destinationsSection,
  assets: assetsSection,
  forward: forwardConfig
    .nullish()
    .transform((destinations) => destinations ?? [])
    .prefault([])
    .meta({
      description: 'Where records are sent (docs/forwarding.md). Nothing by default; such as:',
      sample: FORWARD_EXAMPLE,
    }),
  log: section(
    {
      level: z.enum(['error', 'warn', 'info', 'debug']).prefault('info').describe('Least severity that is logged'),
      format: z
        .enum(['auto', 'json', 'text'])
        .prefault('auto')
        .describe('auto: text on a terminal, JSON elsewhere; always on stderr'),
    },
    'The log of ascribe itself',
  ),
});

/**
 * The SNMP collector while nothing is set under `collectors`: traps from everybody, as flow export and syslog are taken.
 * Not a default of the list, so that who sets any way in opens no port that is not written.
 */
export const TRAPS_ALONE: Config['collectors']['snmp'] = z
  .array(snmp.config)
  .parse([{ traps: { any_community: true } }]);

/** A validated configuration: every default filled in, every value ready to use. */
export type Config = z.output<typeof configSchema>;
export type DeviceConfig = Config['devices'][number];

/** JSON Schema (2020-12) of what may be written in the file. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
}

/** The part of a JSON Schema that the sample file and the error messages read. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  /** What the sample file shows for a key without a default. */
  readonly example?: unknown;
  /** YAML of one entry of a list, shown instead of its keys one by one. */
  readonly sample?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
}

/** The schema of what a value is when it is not null. */
export function present(schema: JsonSchema): JsonSchema {
  const inner = schema.anyOf?.find((option) => option.properties !== undefined || option.items !== undefined);
  return inner ?? schema;
}
