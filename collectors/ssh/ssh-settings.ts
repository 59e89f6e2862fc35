import type { AllowList } from '../udp/allow-list';
import type { SshLogPosition } from './logs/log-position';
import type { SshPlatform } from './ssh-record';

/** Turns a reference (`cred:esxi`, `file:…`, `env:…`) into the secret. May throw; its message must not hold the secret. */
export type SecretResolver = (reference: string) => string;

/**
 * The positions up to which log files of a device are in the journal: what its last record of each file says. Asked once
 * for a device, before its first log is read, for the files it has. What is not known is left out.
 */
export type ResumeLookup = (device: string, files: readonly string[]) => Promise<readonly SshLogPosition[]>;

/** How to log in; secrets by reference. */
export interface SshCredential {
  readonly name: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Where the private key is. */
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  /** Path of an agent's socket, `SSH_AUTH_SOCK` for the one of the environment; and which of its keys. */
  readonly agent: string | undefined;
  readonly agentKey: string | undefined;
  /** Where the password of privileged mode is (`enable`), for platforms that have one. */
  readonly enable: string | undefined;
  /** Devices in these networks use it unless they name another. */
  readonly subnets: AllowList | undefined;
}

/** One device that is read. */
export interface SshDeviceSettings {
  /** `RawOrigin.source` of its records. */
  readonly name: string;
  /** IP address or host name, also the name under which known_hosts has it. */
  readonly address: string;
  readonly port: number;
  readonly platform: SshPlatform;
  /** Name of a credential; undefined: the first whose subnets hold the address. */
  readonly credential: string | undefined;
  /** `SHA256:…` of keys it may show. */
  readonly hostKeys: readonly string[];
  readonly legacyAlgorithms: boolean;
  /** Seconds between two runs of a command, by its name; 0 leaves it out. */
  readonly periods: Readonly<Record<string, number>>;
  /** Whether log files are read too. */
  readonly logs: boolean;
}

/** Bounds. Times in milliseconds. */
export interface SshLimits {
  /** Devices that are worked on at once. */
  readonly concurrency: number;
  /** Devices that did not let us in last time tried at once, besides those. */
  readonly silentConcurrency: number;
  readonly channels: number;
  readonly readyTimeoutMs: number;
  readonly keepaliveMs: number;
  readonly startSpreadMs: number;
  /** Between two looks at a device's log files. */
  readonly logPeriodMs: number;
  /** Bytes of log that are read from one device in one look. */
  readonly logBytesPerPoll: number;
  /** How far back rotated files are read of a host that was never read before; 0: not at all. */
  readonly logCatchUpMs: number;
}

/** The whole collector. */
export interface SshSettings {
  readonly credentials: readonly SshCredential[];
  readonly devices: readonly SshDeviceSettings[];
  /** Paths of known_hosts files. */
  readonly knownHosts: readonly string[];
  readonly limits: SshLimits;
  readonly secrets: SecretResolver;
  readonly resume: ResumeLookup;
}
