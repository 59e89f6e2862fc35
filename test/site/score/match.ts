import type { Site } from '../site';
import type { TelemetryOptions } from '../telemetry/options';
import type { TrueSession } from '../truth';
import type { Answer } from './answers';

/** A listed session that is (a leg of) a true one. */
export interface Matched {
  readonly truth: TrueSession;
  readonly answer: Answer;
  /** `inside`: by the client's own address; `outside`: by the translated one. */
  readonly leg: 'inside' | 'outside';
}

export interface Matching {
  readonly matched: readonly Matched[];
  /** True sessions that are listed nowhere. */
  readonly missing: readonly TrueSession[];
  /** Listed sessions that never happened. */
  readonly surplus: readonly Answer[];
}

/** How far the times of a listed session may be from the truth after the clocks' errors, ms. */
const SLACK = 1_500;

/** Finds which listed session tells of which true one: by both ends and by time. */
export function match(site: Site, answers: readonly Answer[], { clocks }: TelemetryOptions): Matching {
  const byEnds = new Map<string, { truth: TrueSession; leg: Matched['leg'] }[]>();
  const put = (key: string, truth: TrueSession, leg: Matched['leg']): void => {
    const known = byEnds.get(key);
    if (known === undefined) byEnds.set(key, [{ truth, leg }]);
    else known.push({ truth, leg });
  };
  for (const truth of site.sessions) {
    const { protocol, client, clientPort, server, serverPort, nat } = truth;
    put(endsKey(protocol, client, clientPort, server, serverPort), truth, 'inside');
    if (nat !== undefined) put(endsKey(protocol, nat.ip, nat.port, server, serverPort), truth, 'outside');
  }
  const errors = Object.values(clocks ?? {}).map(({ offset = 0, drift = 0 }) => offset + (drift * site.duration) / 1e6);
  const early = Math.min(0, ...errors) - SLACK;
  const late = Math.max(0, ...errors) + SLACK;
  const matched: Matched[] = [];
  const surplus: Answer[] = [];
  const found = new Set<number>();
  for (const answer of answers) {
    const { protocol, src, srcPort, dst, dstPort } = answer;
    const candidates = byEnds.get(endsKey(protocol, src, srcPort, dst, dstPort)) ?? [];
    const meant = candidates.filter(({ truth }) => {
      const from = answer.start - site.epoch;
      const to = answer.end - site.epoch;
      return truth.start + early <= to && from <= truth.end + late;
    });
    if (meant.length === 0) surplus.push(answer);
    for (const { truth, leg } of meant) {
      matched.push({ truth, answer, leg });
      found.add(truth.id);
    }
  }
  return { matched, surplus, missing: site.sessions.filter(({ id }) => !found.has(id)) };
}

/** The same for both orders of the ends: which one began is for the scorer to judge. */
function endsKey(protocol: number, a: string, aPort: number, b: string, bPort: number): string {
  const one = `${a} ${aPort}`;
  const other = `${b} ${bPort}`;
  return one < other ? `${protocol} ${one} ${other}` : `${protocol} ${other} ${one}`;
}
