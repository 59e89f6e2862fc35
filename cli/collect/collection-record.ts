import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { RawRecord } from '../../collectors/contract';
import type { SnmpPull } from '../../collectors/snmp/snmp-pull';
import type { SshPull } from '../../collectors/ssh/pull/pull-device';
import { version } from '../version';

/** One run of `collect`: who took what, when, from where, with what, and digests of every answer. */
export interface Collection {
  readonly id: string;
  /** Account and computer that ran it, and the account behind `sudo` where there is one. */
  readonly user: string;
  readonly sudoUser: string | undefined;
  readonly host: string;
  readonly tool: string;
  readonly command: readonly string[];
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** How far back rotated log files were asked for; epoch milliseconds. */
  readonly since: number | undefined;
  /** What reading may change on a device: log lines about our logins, access times of files. */
  readonly traces: string;
  readonly ssh: readonly SshPull[];
  readonly snmp: readonly SnmpPull[];
}

const TRACES =
  'Only commands of a fixed list were run; none writes. Each login is in the logs of the device, and access times of files that were read may have changed.';

/** Puts together what came of a run. */
export function collectionOf(
  run: Pick<Collection, 'startedAt' | 'finishedAt' | 'since' | 'ssh' | 'snmp' | 'command'>,
  env: Readonly<Record<string, string | undefined>>,
): Collection {
  const sudoUser = env['SUDO_USER'];
  const who = { user: userInfo().username, sudoUser, host: hostname() };
  return { id: randomUUID(), ...who, tool: `ascribe ${version}`, traces: TRACES, ...run };
}

/** The journal's copy: a header like that of other SSH records, then the whole record as JSON. */
export function collectionRawRecord(collection: Collection, now: number): RawRecord {
  const { id, user, host, tool, startedAt, finishedAt } = collection;
  const devices = [...new Set([...collection.ssh, ...collection.snmp].map(({ device }) => device))].slice(0, 256);
  const header = { v: 1, kind: 'collection', id, user, host, tool, startedAt, finishedAt, devices: devices.join(' ') };
  const bytes = Buffer.from(`${JSON.stringify(header)}\n${JSON.stringify(collection)}`, 'utf8');
  return { origin: { collector: 'collect', source: host, peer: '', format: 'command' }, receivedAt: now, bytes };
}
