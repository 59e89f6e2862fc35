import type { Leg } from '../../store/analysis/evidence-record';
import type { Owner, Verdict, VerdictStep } from '../../store/analysis/verdict-record';
import { outsider, ownerOfAddress } from './address-owner';
import { type AccountSpan, accountSpans } from './account-claims';
import { socketText, textOf } from '../../store/queries/places';
import { type RuleFound, ruleOf } from './applied-rule';
import { behindProxy } from './behind-proxy';
import { type Blindness, flowSpots, linkBlindness, reasonOf, stepOfSpot, translatorSpots } from './blindness';
import { type Candidate, merged } from './candidate';
import { decides, rounded, type Weighted } from './confidence';
import { destinationOf } from './destination-leg';
import { isPrivate, mayBeOuter } from './edge-address';
import type { Evidence } from './evidence';
import type { ProxyClient } from './proxy-clients';
import { timeOf, type SessionTime } from './session-time';
import { REUSE_SHARE } from './priors.data';
import { natStep, legStep } from './translation-steps';
import { type TrueSource, type TrueSources, trueSources } from './true-source';

/** Translations behind translations that are followed. */
const MOST_TRANSLATIONS = 3;

/** Candidates kept in a verdict: with more, none of them says anything. */
const MOST_CANDIDATES = 8;

/** A guess about who began it halves nothing but makes every link less sure. */
const DIRECTION_SHARE = 0.8;

/** What is left of a translating device's claim on its own address when no log says that it was not a client's. */
const UNDECIDED_SHARE = 0.5;

/** Multicast, reserved and broadcast addresses, hex: nothing comes from them. */
const NO_SENDER = /^(?:[EF].{7}|FF.{30})$/u;

/** What was found on one address: owners, and what stands between it and the session. */
interface Resolution {
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
  /** The sources before translation, the heaviest first; empty when there is no translation. */
  readonly sources: readonly Weighted<TrueSource>[];
  /** The clients of a proxy that the source is, the likeliest first. */
  readonly clients?: readonly Weighted<ProxyClient>[];
  /** Every address on the way, hex. */
  readonly behind: readonly string[];
  /** What firewalls say of the session by its translated end. */
  readonly spans: readonly AccountSpan[];
}

/** Who began a session: a function of the session and the evidence alone. */
export function resolve(evidence: Evidence, session: Leg): Verdict {
  const time = timeOf(evidence, session);
  const sides = sidesOf(evidence, session);
  const [leg] = sides;
  const isGuess = session.directionSource === 'unknown';
  const found = resolveSides(evidence, sides, time);
  const isOuter = found.sources.length > 0 || evidence.isTranslated(leg.src);
  const other = isGuess && sides.length === 1 ? otherEnd(evidence, leg) : undefined;
  const share = isGuess && sides.length === 1 ? (other?.left ?? DIRECTION_SHARE) : 1;
  const ours = found.candidates.map((one) => ({ ...one, weight: one.weight * share }));
  const weighted = merged(other === undefined ? ours : [...ours, other.candidate]);
  const reasons = new Set([...found.reasons, ...sessionReasons(session, time, isOuter)]);
  if (isGuess) reasons.add('DIRECTION_UNKNOWN');
  const settled = settle(weighted, reasons);
  const unseen = blindnessOf(evidence, session, leg, time, { ...found, steps: settled.steps, reasons });
  for (const reason of unseen.reasons) reasons.add(reason);
  const [source] = found.sources;
  const isNamed = source !== undefined && isAhead(found.sources, reasons);
  const inside = source === undefined ? accountSpans(evidence, leg, time, 'inside') : [];
  const rule = appliedRule(evidence, leg, time, {
    spans: [...found.spans, ...inside],
    source: isNamed ? source.value : undefined,
  });
  const reached = destinationOf(evidence, leg, time, source === undefined ? inside : found.spans);
  const whence = [flowStep(session, time), ...reached.steps, ...(settled.steps ?? [])];
  const steps = [...whence, ...(rule?.steps ?? []), ...unseen.steps];
  return {
    status: isUntold(settled.status, reasons) ? 'blind' : settled.status,
    confidence: settled.owners[0]?.weight ?? 0,
    owners: settled.owners.length > 0 ? settled.owners : [nobody(leg)],
    reasons: [...reasons].sort(),
    steps,
    ...(sides.length === 1 || source !== undefined ? initiator(leg, found, reasons) : NOT_NAMED),
    sources: found.behind,
    legOf: (isNamed ? source.value.leg?.num : reached.legOf?.num) ?? null,
    rule: rule?.rule ?? null,
  };
}

const NOT_NAMED = { source: null, sourcePort: null } as const;

/** The end that began it before all translations and proxies, where each of them is named. */
function initiator(
  { src, srcPort }: Leg,
  { sources, clients = [] }: Resolution,
  reasons: ReadonlySet<string>,
): Pick<Verdict, 'source' | 'sourcePort'> {
  const last = clients[0]?.value ?? sources[0]?.value;
  if (last === undefined) return { source: src, sourcePort: srcPort };
  const isNamed = [sources, clients].every((all) => all.length === 0 || isAhead(all, reasons));
  return isNamed ? { source: last.address, sourcePort: last.port } : NOT_NAMED;
}

/** What could not be told of a session while it began: by its exporter, by the translators of its address, along its chain. */
function blindnessOf(
  evidence: Evidence,
  session: Leg,
  leg: Leg,
  time: SessionTime,
  found: { readonly steps: readonly VerdictStep[] | undefined; readonly reasons: ReadonlySet<string> },
): Blindness {
  const spots = [...flowSpots(evidence, session, time)];
  if (found.reasons.has('NO_NAT_LOG')) spots.push(...translatorSpots(evidence, leg.src, time));
  const links = linkBlindness(evidence, leg, found.steps, time);
  return { reasons: [...spots.map(reasonOf), ...links.reasons], steps: [...spots.map(stepOfSpot), ...links.steps] };
}

/** Nobody told whose translation it was because the one who tells could not be heard. */
function isUntold(status: Verdict['status'], reasons: ReadonlySet<string>): boolean {
  return status === 'ambiguous' && reasons.has('NO_NAT_LOG') && reasons.has('LOG_GAP') && !reasons.has('NAT_INFERRED');
}

/** By what firewalls say of the session as it was seen, then of the end before translation: they name a rule by what they see. */
function appliedRule(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  { spans, source }: Pick<Resolution, 'spans'> & { readonly source: TrueSource | undefined },
): RuleFound | undefined {
  const rule = ruleOf(evidence, spans, time);
  if (rule !== undefined || source === undefined || source.port === null) return rule;
  const inner = { ...leg, src: source.address, srcPort: source.port };
  return ruleOf(evidence, accountSpans(evidence, inner, time, 'inside'), time);
}

/**
 * The session as each end that may have begun it would have: the one way where that is known. With the beginner unknown, the
 * end at home is taken for it: what is asked is who of ours takes part. Of two ends at home either may be.
 */
function sidesOf(evidence: Evidence, leg: Leg): readonly [Leg, ...Leg[]] {
  if (leg.directionSource !== 'unknown' || !evidence.isHome(leg.dst) || NO_SENDER.test(leg.dst)) return [leg];
  const { src, srcPort, dst, dstPort, natSrc, natSrcPort, natDst, natDstPort } = leg;
  const ends = { src: dst, srcPort: dstPort, dst: src, dstPort: srcPort };
  const turned = { ...leg, ...ends, natSrc: natDst, natSrcPort: natDstPort, natDst: natSrc, natDstPort: natSrcPort };
  return evidence.isHome(src) ? [leg, turned] : [turned];
}

/**
 * The end outside, of a session of which nobody knows who began it. Who has a private address is hardly reached from outside;
 * behind a public one either end is as likely to have begun.
 */
function otherEnd(evidence: Evidence, { src, dst }: Leg): { candidate: Candidate; left: number } | undefined {
  if (evidence.isHome(dst) || !evidence.isHome(src)) return undefined;
  const left = isPrivate(src) ? DIRECTION_SHARE : 0.5;
  const outside = outsider(textOf(dst));
  return { candidate: { ...outside, weight: outside.weight * (1 - left) }, left };
}

/** Two sides share one session: neither alone can have more than half of it, and none is the source. */
function resolveSides(evidence: Evidence, sides: readonly [Leg, ...Leg[]], time: SessionTime): Resolution {
  const all = sides.map((leg) => resolveAddress(evidence, leg, time, MOST_TRANSLATIONS));
  const [only] = all as [Resolution];
  if (all.length === 1) return only;
  return {
    candidates: all.flatMap(({ candidates }) => candidates.map((one) => ({ ...one, weight: one.weight / all.length }))),
    reasons: all.flatMap(({ reasons }) => reasons),
    sources: [],
    behind: all.flatMap(({ behind }) => behind),
    spans: [],
  };
}

function resolveAddress(evidence: Evidence, leg: Leg, time: SessionTime, depth: number): Resolution {
  const isTranslated = evidence.isTranslated(leg.src);
  const isOuter = depth > 0 && (isTranslated || mayBeOuter(evidence, leg));
  const spans = isOuter ? accountSpans(evidence, leg, time, 'outside') : [];
  const told = isOuter ? trueSources(evidence, leg, time, spans) : undefined;
  const behind =
    told === undefined || told.sources.length === 0 ? undefined : behindTranslation(evidence, leg, time, told, depth);
  const isInferred = behind?.reasons.includes('NAT_INFERRED') === true && leg.networkDirection !== 'transit';
  if (behind !== undefined && !isInferred) return { ...behind, spans };
  const { src: address, srcPort: port, scope } = leg;
  const holder = ownerOfAddress(evidence, { address, port, scope, leg, time });
  const find = (client: Leg): Resolution => resolveAddress(evidence, client, timeOf(evidence, client), depth - 1);
  const own = (depth > 0 && behindProxy(evidence, leg, time, holder, find)) || { ...holder, behind: [] };
  if ('clients' in own) return { ...own, sources: [], spans };
  if (behind !== undefined && !own.candidates.some(isExplained)) return { ...besideOwn(behind, own.candidates), spans };
  if (!isTranslated || depth === 0) return { ...own, sources: [], spans };
  const reasons = [...own.reasons, 'NO_NAT_LOG'];
  return { ...withoutTranslation(own.candidates), reasons, sources: [], behind: [], spans };
}

/** A line or a process of the device explains the session: then no other is looked for. */
function isExplained({ owner }: Candidate): boolean {
  return owner.id.includes('/') && (owner.kind === 'device_config' || owner.kind === 'service');
}

/** What is inferred of an address that has sessions of its own: what is left of the inference is the device's. */
function besideOwn(behind: Omit<Resolution, 'spans'>, own: readonly Candidate[]): Omit<Resolution, 'spans'> {
  const taken = behind.candidates.reduce((sum, { weight }) => sum + weight, 0);
  const left = own.filter(({ owner }) => owner.kind !== 'external' && owner.kind !== 'unknown');
  const rest = left.map((one) => ({ ...one, weight: one.weight * Math.max(0, 1 - taken) }));
  return { ...behind, candidates: [...behind.candidates, ...rest] };
}

/** A translator's own session, or a client's whose translation nobody told: only a declared line speaks for the former. */
function withoutTranslation(own: readonly Candidate[]): { candidates: Candidate[] } {
  const ours = own.filter(({ owner }) => owner.kind !== 'external');
  const candidates = ours.map((candidate): Candidate => {
    const isDeclared = candidate.owner.kind === 'device_config' && candidate.owner.id.includes('/');
    return { ...candidate, weight: candidate.weight * (isDeclared ? 0.9 : UNDECIDED_SHARE) };
  });
  return { candidates };
}

function behindTranslation(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  { sources, reasons }: TrueSources,
  depth: number,
): Omit<Resolution, 'spans'> {
  const candidates: Candidate[] = [];
  const all = new Set(reasons);
  const behind = new Set<string>();
  let innermost = sources;
  let clients: Resolution['clients'];
  for (const { value: source, weight } of sources.slice(0, MOST_CANDIDATES)) {
    behind.add(source.address);
    const inner: Leg = source.leg ?? { ...leg, src: source.address, srcPort: source.port, scope: source.scope };
    const found = resolveAddress(
      evidence,
      { ...inner, networkDirection: 'outbound' },
      innerTime(evidence, source, time),
      depth - 1,
    );
    const first = [natStep(leg, source, weight), ...legStep(source)];
    for (const candidate of found.candidates) {
      candidates.push({ ...candidate, weight: candidate.weight * weight, steps: [...first, ...candidate.steps] });
    }
    if (source === sources[0]?.value) {
      for (const reason of found.reasons) all.add(reason);
      if (found.sources.length > 0) innermost = found.sources;
      clients = found.clients;
    }
    for (const address of found.behind) behind.add(address);
  }
  return { candidates, reasons: [...all], sources: innermost, ...(clients && { clients }), behind: [...behind] };
}

function innerTime(evidence: Evidence, { leg }: TrueSource, outer: SessionTime): SessionTime {
  return leg === undefined ? outer : timeOf(evidence, leg);
}

interface Settled {
  readonly status: Verdict['status'];
  readonly owners: Verdict['owners'];
  readonly steps: readonly VerdictStep[] | undefined;
}

/** Names the first candidate when it is far enough ahead; candidates on one host are one while none of them is. */
function settle(candidates: readonly Candidate[], reasons: Set<string>): Settled {
  const named = candidates.filter(({ weight }) => weight > 0.001).slice(0, MOST_CANDIDATES);
  if (named.length === 0) return { status: 'blind', owners: [], steps: undefined };
  const chosen = isAhead(named, reasons) ? named : onOneHost(named, reasons);
  const owners = chosen.map(({ owner, weight }) => ({ owner, weight: rounded(weight) }));
  const [first] = chosen;
  const isKnown = chosen.some(({ owner }) => owner.kind !== 'unknown');
  const ahead = isAhead(chosen, reasons);
  if (!isKnown || (ahead && first?.owner.kind === 'unknown')) return { status: 'blind', owners, steps: first?.steps };
  if (ahead) return { status: 'attributed', owners, steps: first?.steps };
  if (chosen.length > 1) reasons.add('MULTI_CANDIDATE');
  return { status: 'ambiguous', owners, steps: first?.steps };
}

/** Whether the first can be named; where a port was given away again at once, or a proxy served several, only with hardly anything against it. */
function isAhead(weights: readonly { readonly weight: number }[], reasons: ReadonlySet<string>): boolean {
  if (!decides(weights)) return false;
  if (!reasons.has('PORT_REUSE') && !reasons.has('PROXY_SHARED')) return true;
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights[0]!.weight >= REUSE_SHARE * sum;
}

/** Which process or line of a host it was may be open while the host is not. */
function onOneHost(candidates: readonly Candidate[], reasons: Set<string>): readonly Candidate[] {
  const byParent = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const parent = parentOf(candidate.owner).id;
    byParent.set(parent, [...(byParent.get(parent) ?? []), candidate]);
  }
  if (byParent.size === candidates.length) return candidates;
  const parents = [...byParent.values()].map((group): Candidate => {
    const [first] = group as [Candidate];
    const weight = Math.min(
      1,
      group.reduce((sum, one) => sum + one.weight, 0),
    );
    return group.length === 1 ? first : { owner: parentOf(first.owner), weight, steps: first.steps };
  });
  const sorted = parents.sort((a, b) => b.weight - a.weight || (a.owner.id < b.owner.id ? -1 : 1));
  if (!isAhead(sorted, reasons)) return candidates;
  reasons.add('PROCESS_UNKNOWN');
  return sorted;
}

function parentOf(owner: Owner): Owner {
  const slash = owner.id.indexOf('/');
  if ((owner.kind !== 'service' && owner.kind !== 'device_config') || slash < 0) return owner;
  return { ...owner, id: owner.id.slice(0, slash), name: owner.host };
}

function nobody({ src }: Leg): { owner: Owner; weight: number } {
  const ip = textOf(src);
  return { owner: { kind: 'unknown', id: `address:${ip}`, name: ip, host: '' }, weight: 0 };
}

function sessionReasons(session: Leg, time: SessionTime, isOuter: boolean): string[] {
  const reasons: string[] = [];
  if (session.sampling === 'sampled') reasons.push('SAMPLED');
  if (isOuter && !time.isMeasured) reasons.push('CLOCK_UNMEASURED');
  return reasons;
}

function flowStep(leg: Leg, time: SessionTime): VerdictStep {
  return {
    relation: 'flow',
    from: socketText(leg.src, leg.srcPort),
    to: socketText(leg.dst, leg.dstPort),
    device: leg.exporter,
    parser: 'flow',
    validFrom: time.start,
    validTo: time.end,
    clockOffset: time.offset,
    confidence: 1,
    rawSeqs: [leg.firstSeq],
    detail: '',
  };
}
