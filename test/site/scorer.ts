import type { TrueSession, World } from './flow-world';

/** A session as ascribe lists it, in the terms of the truth. */
export interface ListedSession {
  readonly src: string;
  readonly srcPort: number;
  readonly dst: string;
  readonly dstPort: number;
  readonly protocol: number;
  readonly srcBytes: number;
  readonly dstBytes: number;
  readonly networkDirection: string;
  readonly encrypted: string;
}

export interface Score {
  /** Sessions of the truth, and of these how many are listed exactly once with every field right. */
  readonly sent: number;
  readonly right: number;
  readonly missing: readonly TrueSession[];
  /** Listed, but with a field that is not the truth's: which, and both values. */
  readonly wrong: readonly { readonly truth: TrueSession; readonly field: string; readonly seen: string }[];
  /** Listed sessions that never happened, or are listed twice. */
  readonly surplus: number;
}

/** Compares what is listed with what happened. */
export function score(world: World, listed: readonly ListedSession[]): Score {
  const byEndpoints = new Map<string, ListedSession[]>();
  for (const session of listed) {
    const { protocol, src, srcPort, dst, dstPort } = session;
    const key = endpointsKey(protocol, `${src} ${srcPort}`, `${dst} ${dstPort}`);
    byEndpoints.set(key, [...(byEndpoints.get(key) ?? []), session]);
  }
  const missing: TrueSession[] = [];
  const wrong: { truth: TrueSession; field: string; seen: string }[] = [];
  let found = 0;
  for (const truth of world.sessions) {
    const { protocol, client, clientPort, server, serverPort } = truth;
    const [session, ...twins] =
      byEndpoints.get(endpointsKey(protocol, `${client} ${clientPort}`, `${server} ${serverPort}`)) ?? [];
    if (session === undefined) {
      missing.push(truth);
      continue;
    }
    found += 1 + twins.length;
    const difference = firstDifference(truth, session);
    if (difference !== undefined) wrong.push({ truth, ...difference });
    else if (twins.length > 0) wrong.push({ truth, field: 'times listed', seen: String(1 + twins.length) });
  }
  const sent = world.sessions.length;
  return {
    sent,
    right: sent - missing.length - wrong.length,
    missing,
    wrong,
    surplus: listed.length - Math.min(found, listed.length),
  };
}

function endpointsKey(protocol: number, a: string, b: string): string {
  return a < b ? `${protocol} ${a} ${b}` : `${protocol} ${b} ${a}`;
}

function firstDifference(truth: TrueSession, seen: ListedSession): { field: string; seen: string } | undefined {
  const pairs: readonly (readonly [field: string, truth: string | number, seen: string | number])[] = [
    ['initiator', `${truth.client} ${truth.clientPort}`, `${seen.src} ${seen.srcPort}`],
    ['bytes up', truth.bytesUp, seen.srcBytes],
    ['bytes down', truth.bytesDown, seen.dstBytes],
    ['direction', truth.outbound ? 'outbound' : 'internal', seen.networkDirection],
    ['encrypted', truth.encrypted ? 'yes' : 'no', seen.encrypted],
  ];
  const different = pairs.find(([, expected, found]) => expected !== found);
  return different === undefined ? undefined : { field: different[0], seen: String(different[2]) };
}
