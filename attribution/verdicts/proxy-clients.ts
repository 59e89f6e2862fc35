import type { Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';
import { textOf } from '../../store/queries/places';
import { MOST_REQUESTS } from '../../store/queries/requests';
import type { Weighted } from './confidence';
import type { Evidence } from './evidence';
import { PRIORS, SAME_START_MS, UNMEASURED_MS } from './priors.data';
import { CALLS_WITHIN_MS, CLOSED_LATE_MS, KEPT_MS, LONGEST_UNTOLD_MS } from './requests';
import { type SessionTime, timeOf } from './session-time';

/** A client for whom a proxy may have made a session. */
export interface ProxyClient {
  /** Hex. */
  readonly address: string;
  readonly port: number | null;
  /** What says so, the likeliest first. */
  readonly requests: readonly Request[];
  /** The client's own session with the proxy, where it was seen. */
  readonly leg: Leg | undefined;
  /** What was subtracted from the times of the requests, ms. */
  readonly offset: number;
}

/** A request that may be the one that a session was made for. */
interface Fit {
  readonly request: Request;
  readonly leg: Leg | undefined;
  /** Share of the request that is this session's: others of the proxy may fit it as well. */
  readonly share: number;
  readonly likelihood: number;
  readonly quality: number;
  readonly offset: number;
}

/** What is left of a request whose client was not seen to talk with the proxy. */
const UNSEEN_CLIENT = 0.75;

/** The same of one that names its server alone: names have several addresses. */
const BY_NAME = 0.95;

/** Distances beyond this are not told apart any better. */
const MOST_MISFIT = 8;

/** Where so many requests fall into a session's time, those that were over with it are looked at, ms. */
const OVER_WITH_MS = 30_000;

/** IP and TCP headers of a packet, bytes, and how far options make that vary. */
const HEADERS = 46;
const OPTIONS = 8;

/** Heads of the answers that proxies and servers add, and ends of records, bytes. */
const HEADS = 600;

/**
 * For whom a proxy may have made a session, by its access log: by destination, time and counters. A client that asked in several
 * ways at once is one candidate; connections that carried requests of several clients have several.
 */
export function proxyClients(evidence: Evidence, leg: Leg, time: SessionTime): Weighted<ProxyClient>[] {
  const fits = requestsAround(evidence, leg, time).flatMap((request) => fitOf(evidence, request, leg, time) ?? []);
  if (fits.length === 0) return [];
  const byClient = new Map<string, Fit[]>();
  for (const fit of fits) {
    const same = byClient.get(fit.request.client);
    if (same === undefined) byClient.set(fit.request.client, [fit]);
    else same.push(fit);
  }
  const told = Math.min(
    1,
    sum(fits, ({ share }) => share),
  );
  const all = sum(fits, (fit) => fit.share * fit.likelihood);
  return [...byClient].map(([address, own]) => clientOf(address, own, told, all)).sort(heaviestFirst);
}

function clientOf(address: string, fits: Fit[], told: number, all: number): Weighted<ProxyClient> {
  const sorted = fits.sort((a, b) => b.share * b.likelihood - a.share * a.likelihood || a.request.num - b.request.num);
  const [first] = sorted as [Fit];
  const quality = Math.max(...sorted.map((fit) => fit.quality));
  const weight = PRIORS['proxy-log'] * quality * told * (sum(sorted, (fit) => fit.share * fit.likelihood) / all);
  const port = first.request.clientPort ?? first.leg?.srcPort ?? null;
  const requests = sorted.map(({ request }) => request);
  return { value: { address, port, requests, leg: first.leg, offset: first.offset }, weight };
}

function heaviestFirst(a: Weighted<ProxyClient>, b: Weighted<ProxyClient>): number {
  return b.weight - a.weight || (a.value.address < b.value.address ? -1 : 1);
}

function sum(fits: readonly Fit[], of: (fit: Fit) => number): number {
  return fits.reduce((total, fit) => total + of(fit), 0);
}

/** By the address that was called, and by its names then. */
function requestsAround(evidence: Evidence, { dst }: Leg, { start, end }: SessionTime): readonly Request[] {
  const ip = textOf(dst);
  const names = evidence.heldBetween('ip-name', [ip], start - UNMEASURED_MS, end).map(({ value }) => value);
  const called = [...new Set([ip, ...names])];
  const from = start - SAME_START_MS - 2 * UNMEASURED_MS;
  const found = evidence.requestsTo(called, from, end + CLOSED_LATE_MS);
  return found.length < MOST_REQUESTS ? found : evidence.requestsTo(called, from, end + OVER_WITH_MS);
}

function fitOf(evidence: Evidence, request: Request, leg: Leg, time: SessionTime): Fit | undefined {
  if (request.client === leg.src || (request.port !== null && request.port !== leg.dstPort)) return undefined;
  const clock = evidence.logClock(request.device, request.at);
  const offset = clock?.offset ?? 0;
  const residual = (clock?.residual ?? UNMEASURED_MS) + time.residual;
  const misfit = misfitOf(request, { leg, time, offset, residual });
  if (misfit === undefined) return undefined;
  const inner = clientLeg(evidence, request, leg, time);
  if (inner === undefined && !isOf(evidence, request, leg.src)) return undefined;
  const byName = request.called === textOf(leg.dst) ? 1 : BY_NAME;
  const quality = (inner === undefined ? UNSEEN_CLIENT : 1) * byName;
  const likelihood = Math.exp(-misfit);
  const share = request.isTunnel === 1 ? shareOf(evidence, request, leg, misfit, { offset, residual }) : 1;
  return { request, leg: inner, share, likelihood, quality, offset };
}

/** Whether the line is told by the proxy that has an address. */
function isOf(evidence: Evidence, { via, device }: Request, address: string): boolean {
  return via === address || evidence.deviceOf(textOf(address)) === device;
}

interface Compared {
  readonly leg: Leg;
  readonly time: SessionTime;
  readonly offset: number;
  readonly residual: number;
}

/** How badly a session fits a request, as log-likelihood lost; undefined when it is about another. */
function misfitOf(request: Request, { leg, time, offset, residual }: Compared): number | undefined {
  const tolerance = SAME_START_MS + residual;
  const end = request.at - offset;
  const start = request.start === null ? null : request.start - offset;
  if (request.isTunnel === 0) {
    const from = (start ?? end) - KEPT_MS;
    const isIn = time.start >= from && time.start <= end + tolerance && (start ?? end) <= time.end + tolerance;
    return isIn ? 0 : undefined;
  }
  if (time.end > end + tolerance + OVER_WITH_MS / 3 || time.start > end + tolerance) return undefined;
  const early = start === null ? 0 : start - time.start;
  if (start === null ? time.start < end - LONGEST_UNTOLD_MS : early > tolerance) return undefined;
  if (-early > CALLS_WITHIN_MS + tolerance) return undefined;
  const began = start === null ? 1 : distance(early, early > 0 ? Math.max(250, residual) : Math.max(1000, residual));
  const late = end - time.end;
  const ended =
    late < 0 ? distance(late, Math.max(1000, residual)) : Math.min(2, distance(late, Math.max(2000, residual)));
  return Math.min(MOST_MISFIT, began + ended + (bytesFit(request, leg) ? 0 : 1.5));
}

function distance(ms: number, scatter: number): number {
  return (ms / scatter) ** 2 / 2;
}

/** What the client was sent is what the server sent, less the headers of its packets; true where one of them is not counted. */
function bytesFit({ bytes }: Request, { sampling, dstBytes, dstPackets }: Leg): boolean {
  if (sampling !== 'none' || bytes === null || dstBytes === null || dstPackets === null) return true;
  const payload = dstBytes - HEADERS * dstPackets;
  return Math.abs(payload - bytes) <= HEADS + OPTIONS * dstPackets + 0.05 * bytes;
}

/** How much of a tunnel's line is left for a session when others of the proxy to the same server fit it as well. */
function shareOf(
  evidence: Evidence,
  request: Request,
  leg: Leg,
  misfit: number,
  { offset, residual }: Pick<Compared, 'offset' | 'residual'>,
): number {
  const own = Math.exp(-misfit);
  let all = own;
  for (const other of evidence.sessionsBetween(leg.src, leg.dst, leg.start - RIVAL_MS, leg.start + RIVAL_MS)) {
    if (other.num === leg.num || other.dstPort !== leg.dstPort || other.protocol !== leg.protocol) continue;
    const rival = misfitOf(request, { leg: other, time: timeOf(evidence, other), offset, residual });
    if (rival !== undefined) all += Math.exp(-rival);
  }
  return own / all;
}

/** Sessions that one line may be about begin within this time of each other, ms. */
export const RIVAL_MS = CALLS_WITHIN_MS + 20_000;

/** The client's session with the proxy's address that went on when the proxy made its own. */
function clientLeg(evidence: Evidence, { client, clientPort }: Request, leg: Leg, time: SessionTime): Leg | undefined {
  let nearest: Leg | undefined;
  let least = Number.POSITIVE_INFINITY;
  const near = evidence.flowOffsets(time.start).flatMap((offset) => {
    return evidence.sessionsBetween(
      client,
      leg.src,
      time.start + offset - KEPT_MS,
      time.start + offset + UNMEASURED_MS,
    );
  });
  for (const other of near) {
    if (clientPort !== null && other.srcPort !== clientPort) continue;
    const own = timeOf(evidence, other);
    const tolerance = SAME_START_MS + own.residual + time.residual;
    const goesOn = own.start <= time.start + tolerance && own.end >= time.start - tolerance;
    const apart = Math.abs(own.start - time.start) + Math.abs(own.end - time.end);
    const isNearer = apart < least || (apart === least && (other.srcPort ?? 0) < (nearest?.srcPort ?? 0));
    if (!goesOn || !isNearer) continue;
    least = apart;
    nearest = other;
  }
  return nearest;
}
