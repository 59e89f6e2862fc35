import type { Leg } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { socketText, textOf } from '../../store/queries/places';
import { logSpots, reasonOf } from './blindness';
import type { Candidate, Candidates } from './candidate';
import { rounded, type Weighted } from './confidence';
import type { Evidence } from './evidence';
import { type ProxyClient, proxyClients } from './proxy-clients';
import type { SessionTime } from './session-time';
import { sessionStep } from './translation-steps';

const TCP = 6;

/** Clients that are followed. */
const MOST_CLIENTS = 8;

/** Who is found behind an address, and the addresses on the way there (hex). */
interface Found extends Candidates {
  readonly behind: readonly string[];
}

/** The same of a proxy's, with the clients for whom a session may have been, the likeliest first. */
export interface BehindProxy extends Found {
  readonly clients: readonly Weighted<ProxyClient>[];
}

/**
 * A proxy's own session as its client's, by its access log; what the log leaves open is the proxy's own. Where no log tells, the
 * answer ends at the proxy, and says so. Undefined where the address is no proxy's. `find` resolves the session that a client
 * had with the proxy.
 */
export function behindProxy(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  own: Candidates,
  find: (client: Leg) => Found,
): BehindProxy | (Found & { readonly clients?: never }) | undefined {
  if (leg.protocol !== TCP || !evidence.mayBeProxy(leg.src)) return undefined;
  const clients = proxyClients(evidence, leg, time).slice(0, MOST_CLIENTS);
  if (clients.length === 0) return untold(evidence, leg, time, own);
  const candidates: Candidate[] = [];
  const reasons = new Set(clients.length > 1 ? ['PROXY_SHARED'] : []);
  const behind = new Set<string>();
  for (const client of clients) {
    const found = find(legOf(leg, client.value));
    const first = [proxyStep(leg, client), ...clientStep(client.value)];
    for (const one of found.candidates) {
      candidates.push({ ...one, weight: one.weight * client.weight, steps: [...first, ...one.steps] });
    }
    for (const address of [client.value.address, ...found.behind]) behind.add(address);
    if (client === clients[0]) for (const reason of found.reasons) reasons.add(reason);
  }
  const rest = Math.max(0, 1 - clients.reduce((all, { weight }) => all + weight, 0));
  const left = own.candidates.map((one) => ({ ...one, weight: one.weight * rest }));
  return { candidates: [...candidates, ...left], reasons: [...reasons], behind: [...behind], clients };
}

/** The proxy itself, where its log does not tell of a session that leaves the site. */
function untold(evidence: Evidence, leg: Leg, time: SessionTime, own: Candidates): Found | undefined {
  if (!evidence.isProxy(leg.src) || evidence.isHome(leg.dst)) return undefined;
  const spots = logSpots(evidence, evidence.deviceOf(textOf(leg.src)), time);
  return { ...own, reasons: [...own.reasons, 'BEHIND_PROXY', ...spots.map(reasonOf)], behind: [] };
}

/** The client's session with the proxy; where it was not seen, what is known of it. */
function legOf(leg: Leg, { address, port, leg: seen }: ProxyClient): Leg {
  return seen ?? { ...leg, src: address, srcPort: port, dst: leg.src, dstPort: null, inIf: null };
}

function proxyStep(leg: Leg, { value, weight }: Weighted<ProxyClient>): VerdictStep {
  const [first] = value.requests;
  const { device = '', parser = '', at, start, called, user } = first ?? {};
  const corrected = (time: number | null | undefined): number | null => (time == null ? null : time - value.offset);
  const more = value.requests.length > 1 ? `, with ${value.requests.length - 1} more like it` : '';
  const who = user === null || user === undefined ? '' : ` of ${user}`;
  return {
    relation: 'proxy',
    from: socketText(leg.src, leg.srcPort),
    to: socketText(value.address, value.port),
    device,
    parser,
    validFrom: corrected(start),
    validTo: corrected(at),
    clockOffset: value.offset,
    confidence: rounded(weight),
    rawSeqs: [...new Set(value.requests.slice(0, 6).map(({ rawSeq }) => rawSeq))].sort((a, b) => a - b),
    detail: `a request${who} for ${called}${more}`,
  };
}

function clientStep({ leg }: ProxyClient): VerdictStep[] {
  return leg === undefined ? [] : [sessionStep('client-leg', leg, 'the client’s own session with the proxy')];
}
