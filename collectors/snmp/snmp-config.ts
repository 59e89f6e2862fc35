import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { AllowList } from '../udp/allow-list';
import { parseListenList, type ListenAddress } from '../udp/listen-address';
import { DEVICE_CLASSES, TABLE_PLANS, type DeviceClass, type TableName } from './poller/device-plans.data';
import {
  SnmpSecretError,
  type Credential,
  type DeviceSettings,
  type SnmpSettings,
  type TrapSettings,
} from './snmp-settings';
import { AUTH_PROTOCOLS, PRIV_PROTOCOLS, type AuthName, type PrivName } from './usm/usm-protocols';

const keysOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): [Name, ...Name[]] =>
  Object.keys(table) as [Name, ...Name[]];

const reference = z
  .string()
  .regex(
    /^(?:file|env|cred):./su,
    'a secret is named by reference (file:PATH, env:NAME or cred:NAME), never written here',
  );

const networks = z
  .array(z.string())
  .min(1)
  .transform((rules, context): AllowList => orIssue(context, rules, () => AllowList.parse(rules)));

const endpoints = z
  .array(z.union([z.int(), z.string()]))
  .transform((entries, context): readonly ListenAddress[] => orIssue(context, entries, () => parseListenList(entries)));

const seconds = (least: number, most: number, fallback: number) => z.number().min(least).max(most).prefault(fallback);

const credential = z
  .strictObject({
    name: z.string().min(1).describe('What devices call it'),
    version: z.enum(['v1', 'v2c', 'v3']).prefault('v3'),
    community: reference.optional().describe('v1 and v2c: where the community is'),
    user: z.string().min(1).max(32).optional().describe('v3: security name'),
    auth: z
      .strictObject({ protocol: z.enum(keysOf<AuthName>(AUTH_PROTOCOLS)), password: reference })
      .optional()
      .describe('v3: digest and where its password is'),
    priv: z
      .strictObject({ protocol: z.enum(keysOf<PrivName>(PRIV_PROTOCOLS)), password: reference })
      .optional()
      .describe('v3: cipher and where its password is; aes256c is the key extension of Cisco'),
    subnets: networks.optional().describe('Devices in these networks use it unless they name another'),
  })
  .transform((written, context): Credential => credentialOf(written, context));

const device = z.strictObject({
  name: z.string().min(1).describe('Name in records and output'),
  address: z.string().min(1).optional().describe('IP address or host name; the name when left out'),
  port: z.int().min(1).max(65_535).prefault(161),
  class: z.enum(keysOf<DeviceClass>(DEVICE_CLASSES)).prefault('generic').describe('Which tables are read'),
  credential: z.string().min(1).optional().describe('Name of a credential; otherwise the subnets decide'),
  periods: z
    .partialRecord(z.enum(keysOf<TableName>(TABLE_PLANS)), z.number().min(0).max(604_800))
    .prefault({})
    .describe('Seconds between two readings of a table; 0 leaves it out'),
  contexts: z.array(z.string().min(1).max(32)).prefault([]).describe('More contexts of bridge tables, such as vlan-10'),
  timeout: seconds(0.1, 60, 3).describe('Seconds until a request is sent again'),
  retries: z.int().min(0).max(10).prefault(1),
});

const traps = z.strictObject({
  listen: endpoints.prefault(['*:5162']).describe('Where traps and informs arrive; * is every IPv4 and IPv6 address'),
  allow: networks.optional().describe('Senders that may send; left out: everyone who has a credential'),
  credentials: z.array(z.string().min(1)).min(1).optional().describe('Credentials that senders may use; left out: all'),
  any_community: z
    .boolean()
    .prefault(false)
    .describe('Take v1 and v2c of every community: it is readable on the wire and proves nobody'),
  engine_id: z
    .string()
    .regex(/^(?:[0-9a-f]{2}){5,32}$/u, '5 to 32 octets in lower-case hexadecimal')
    .optional()
    .describe('Engine id that v3 informs are sent to; left out: made from the host name'),
});

/** The configuration section of the SNMP collector, as written and as used. */
export const snmpConfig = z
  .strictObject({
    credentials: z.array(credential).prefault([]),
    devices: z.array(device).prefault([]),
    traps: traps.optional(),
    concurrency: z.int().min(1).max(2000).prefault(100).describe('Devices read at once'),
    silent_concurrency: z.int().min(1).max(500).prefault(20).describe('Silent devices tried at once, besides those'),
    max_repetitions: z.int().min(1).max(200).prefault(50).describe('Rows asked for in one request at most'),
    max_rows: z.int().min(1).max(5_000_000).prefault(100_000).describe('Rows of one table at most'),
    max_table_bytes: z
      .int()
      .min(10_000)
      .max(2 ** 29)
      .prefault(64 * 1024 ** 2)
      .describe('Size of one table at most'),
    table_timeout: seconds(1, 3600, 120).describe('Seconds for one table'),
    start_spread: seconds(0, 3600, 60).describe('Seconds over which the first readings are spread'),
  })
  .superRefine((written, context) => {
    unique(context, 'credentials', written.credentials);
    unique(context, 'devices', written.devices);
    const known = new Set(written.credentials.map(({ name }) => name));
    const wanted = [...written.devices.map((one) => one.credential), ...(written.traps?.credentials ?? [])];
    for (const name of wanted) {
      if (name === undefined || known.has(name)) continue;
      context.addIssue({ code: 'custom', message: `there is no credential named "${name}"`, input: name });
    }
  })
  .transform((written): SnmpSettings => ({
    credentials: written.credentials,
    devices: written.devices.map(deviceOf),
    traps: trapsOf(written.traps),
    limits: {
      concurrency: written.concurrency,
      silentConcurrency: written.silent_concurrency,
      maxRepetitions: written.max_repetitions,
      rowCap: written.max_rows,
      byteCap: written.max_table_bytes,
      tableDeadlineMs: written.table_timeout * 1000,
      startSpreadMs: written.start_spread * 1000,
      receiveBufferBytes: 8 * 1024 * 1024,
    },
    secrets: (wanted) => {
      throw new SnmpSecretError(`nothing resolves ${wanted}`);
    },
  }));

interface WrittenCredential {
  name: string;
  version: 'v1' | 'v2c' | 'v3';
  community?: string | undefined;
  user?: string | undefined;
  auth?: { protocol: AuthName; password: string } | undefined;
  priv?: { protocol: PrivName; password: string } | undefined;
  subnets?: AllowList | undefined;
}

function credentialOf(written: WrittenCredential, context: z.core.$RefinementCtx): Credential {
  const { name, version, community, user, auth, priv, subnets } = written;
  const fault = faultOf(written);
  if (fault !== undefined) {
    context.issues.push({ code: 'custom', message: `${name}: ${fault}`, input: written });
    return z.NEVER;
  }
  return version === 'v3'
    ? { name, version, user: user!, auth, priv, subnets }
    : { name, version, community: community!, subnets };
}

function faultOf({ version, community, user, auth, priv }: WrittenCredential): string | undefined {
  if (version !== 'v3') {
    if (community === undefined) return `${version} needs a community`;
    return user === undefined && auth === undefined && priv === undefined ? undefined : `${version} has no users`;
  }
  if (community !== undefined) return 'v3 has no communities';
  if (user === undefined) return 'v3 needs a user';
  return priv !== undefined && auth === undefined ? 'a cipher needs a digest too' : undefined;
}

function deviceOf(written: z.output<typeof device>): DeviceSettings {
  const { name, address = name, port, credential, periods, contexts, timeout, retries } = written;
  const patience = { timeoutMs: Math.round(timeout * 1000), retries };
  return { name, address, port, deviceClass: written.class, credential, periods, contexts, ...patience };
}

function trapsOf(written: z.output<typeof traps> | undefined): TrapSettings | undefined {
  if (written === undefined) return undefined;
  const { listen, allow = AllowList.everyone, credentials, any_community: anyCommunity, engine_id: id } = written;
  const engineId = id === undefined ? hostEngineId(hostname()) : Buffer.from(id, 'hex');
  return { listen, allow, credentials, anyCommunity, engineId, receiveBufferBytes: 4 * 1024 * 1024 };
}

/**
 * An engine id that stays the same on one host: RFC 3411 section 5 (SnmpEngineID), enterprise 0 as we have none,
 * format 5 (octets).
 */
export function hostEngineId(host: string): Buffer {
  const digest = createHash('sha256').update(`ascribe ${host}`).digest();
  return Buffer.concat([Buffer.from('8000000005', 'hex'), digest.subarray(0, 12)]);
}

function unique(context: z.core.$RefinementCtx, list: string, items: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    if (seen.has(name))
      context.issues.push({ code: 'custom', message: `${list}: "${name}" is named twice`, input: name });
    seen.add(name);
  }
}

/** Runs a parser that throws; what it throws becomes a finding at this place in the configuration. */
function orIssue<T>(context: z.core.$RefinementCtx, input: unknown, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    context.issues.push({ code: 'custom', message: (error as Error).message, input });
    return z.NEVER;
  }
}
