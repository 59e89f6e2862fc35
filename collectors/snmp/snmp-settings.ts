import type { AllowList } from '../udp/allow-list';
import type { ListenAddress } from '../udp/listen-address';
import type { DeviceClass, TableName } from './poller/device-plans.data';
import type { AuthName, PrivName } from './usm/usm-protocols';

/**
 * Turns a reference (`cred:core-auth`, `file:…`, `env:…`) into the secret. Given to the collector from outside; it may
 * throw, and its message must not hold the secret.
 */
export type SecretResolver = (reference: string) => string;

/** A credential was wanted and nobody said how to resolve references, or the reference leads nowhere. */
export class SnmpSecretError extends Error {
  readonly code = 'snmp_secret';
}

/** A community, by reference. */
export interface CommunityCredential {
  readonly name: string;
  readonly version: 'v1' | 'v2c';
  readonly community: string;
  /** Devices in these networks use it unless they name another. */
  readonly subnets: AllowList | undefined;
}

/** A user of version 3; passwords by reference. */
export interface UserCredential {
  readonly name: string;
  readonly version: 'v3';
  readonly user: string;
  readonly auth: { readonly protocol: AuthName; readonly password: string } | undefined;
  readonly priv: { readonly protocol: PrivName; readonly password: string } | undefined;
  readonly subnets: AllowList | undefined;
}

/** How to speak to devices, or whom to believe a trap. */
export type Credential = CommunityCredential | UserCredential;

/** One device to poll. */
export interface DeviceSettings {
  /** `RawOrigin.source` of its records. */
  readonly name: string;
  /** IP address or host name. */
  readonly address: string;
  readonly port: number;
  readonly deviceClass: DeviceClass;
  /** Name of a credential; undefined: the first whose subnets hold the address. */
  readonly credential: string | undefined;
  readonly periods: Readonly<Partial<Record<TableName, number>>>;
  /** Contexts in which the tables that exist per VLAN are read besides the default one and the VLANs found. */
  readonly contexts: readonly string[];
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Bounds of the poller. */
export interface PollerLimits {
  /** Devices read at once. */
  readonly concurrency: number;
  /** Devices that did not answer last time tried at once, besides those. */
  readonly silentConcurrency: number;
  readonly maxRepetitions: number;
  readonly rowCap: number;
  readonly byteCap: number;
  /** Milliseconds for one table. */
  readonly tableDeadlineMs: number;
  /** First readings are spread over this time. */
  readonly startSpreadMs: number;
  readonly receiveBufferBytes: number;
}

/** What the trap receiver is made with. */
export interface TrapSettings {
  readonly listen: readonly ListenAddress[];
  readonly allow: AllowList;
  /** Names of credentials; undefined: all. */
  readonly credentials: readonly string[] | undefined;
  /** v1 and v2c are taken whatever their community. */
  readonly anyCommunity: boolean;
  /** Our own engine id, which informs are addressed to; 5 to 32 octets. */
  readonly engineId: Buffer;
  readonly receiveBufferBytes: number;
}

/** The whole collector. */
export interface SnmpSettings {
  readonly devices: readonly DeviceSettings[];
  readonly credentials: readonly Credential[];
  readonly limits: PollerLimits;
  readonly traps: TrapSettings | undefined;
  readonly secrets: SecretResolver;
}
