import type { Evidence } from './evidence';
import type { Vote } from './votes';

/** A DHCP server gave the address to a client: from then on older statements about others say nothing. */
export interface LeaseChange {
  /** MAC address or name of the client. */
  readonly client: string;
  readonly since: number;
}

/** The latest beginning of a lease before a moment, of the leases that are voted for. */
export function leaseChange(leases: readonly Vote[], at: number): LeaseChange | undefined {
  let latest: LeaseChange | undefined;
  for (const { value, held } of leases) {
    if (held.beginSource !== 'stated' || held.fromHi > at) continue;
    if (latest === undefined || held.fromHi > latest.since) latest = { client: value, since: held.fromHi };
  }
  return latest;
}

/**
 * Whether a vote for somebody else was last seen before the lease began: the cache that it stands in had not noticed. One that
 * was seen since contradicts the server and stays.
 */
export function isOutdated(evidence: Evidence, vote: Vote, change: LeaseChange | undefined, at: number): boolean {
  if (change === undefined) return false;
  const seen = evidence.around(vote.held.series, at).before;
  return seen !== undefined && seen.at < change.since;
}
