import type { Site } from '../site';
import { clockOf } from '../telemetry/flow-telemetry';
import type { TelemetryOptions } from '../telemetry/options';
import type { TrueSession } from '../truth';
import type { Answer } from './answers';

/** A listed session that is (a leg of) a true one. */
export interface Matched {
  readonly truth: TrueSession;
  readonly answer: Answer;
  /** `inside`: by the client's own address; `outside`: by the translated one. */
  readonly leg: 'inside' | 'outside';
  /** True sessions that the listed one tells of: more than one where equal ends followed each other too soon. */
  readonly of: number;
}

export interface Matching {
  readonly matched: readonly Matched[];
  /** True sessions that are listed nowhere. */
  readonly missing: readonly TrueSession[];
  /** Listed sessions that never happened. */
  readonly surplus: readonly Answer[];
}

/** Listed times may miss a session by so much where nothing overlaps: packets lost, another exporter's clock. Milliseconds. */
const SLACK = 2_000;
/** Exporters of the legs: their clocks are the listed sessions'. */
const EXPORTERS = { inside: 'rt-core', outside: 'rt-edge' } as const;

interface Candidate {
  readonly truth: TrueSession;
  readonly leg: Matched['leg'];
}

/** Finds which listed session tells of which true one: by both ends and by time. */
export function match(site: Site, answers: readonly Answer[], telemetry: TelemetryOptions): Matching {
  const byEnds = candidates(site);
  const clocks = {
    inside: clockOf(site, telemetry, EXPORTERS.inside),
    outside: clockOf(site, telemetry, EXPORTERS.outside),
  };
  const errors = Object.values(telemetry.clocks ?? {}).map(({ offset = 0 }) => Math.abs(offset));
  const slack = SLACK + 2 * Math.max(0, ...errors);
  const matched: Matched[] = [];
  const surplus: Answer[] = [];
  const found = new Set<number>();
  for (const answer of answers) {
    const { protocol, src, srcPort, dst, dstPort } = answer;
    const known = byEnds.get(endsKey(protocol, src, srcPort, dst, dstPort)) ?? [];
    const distances = known.map(({ truth, leg }) => {
      const clock = clocks[leg];
      return Math.max(0, clock.at(truth.start) - answer.end, answer.start - clock.at(truth.end));
    });
    const nearest = Math.min(...distances);
    const meant = nearest > slack ? [] : known.filter((_, i) => distances[i] === nearest);
    if (meant.length === 0) surplus.push(answer);
    for (const { truth, leg } of meant) {
      matched.push({ truth, answer, leg, of: meant.length });
      found.add(truth.id);
    }
  }
  return { matched, surplus, missing: site.sessions.filter(({ id }) => !found.has(id)) };
}

function candidates(site: Site): ReadonlyMap<string, readonly Candidate[]> {
  const byEnds = new Map<string, Candidate[]>();
  const put = (key: string, candidate: Candidate): void => {
    const known = byEnds.get(key);
    if (known === undefined) byEnds.set(key, [candidate]);
    else known.push(candidate);
  };
  for (const truth of site.sessions) {
    const { protocol, client, clientPort, server, serverPort, nat } = truth;
    put(endsKey(protocol, client, clientPort, server, serverPort), { truth, leg: 'inside' });
    if (nat !== undefined) put(endsKey(protocol, nat.ip, nat.port, server, serverPort), { truth, leg: 'outside' });
  }
  return byEnds;
}

/** The same for both orders of the ends: which one began is for the scorer to judge. */
function endsKey(protocol: number, a: string, aPort: number, b: string, bPort: number): string {
  const one = `${a} ${aPort}`;
  const other = `${b} ${bPort}`;
  return one < other ? `${protocol} ${one} ${other}` : `${protocol} ${other} ${one}`;
}
