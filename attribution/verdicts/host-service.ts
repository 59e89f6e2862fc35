import type { Held, Leg } from '../../store/analysis/evidence-record';
import type { Owner, VerdictStep } from '../../store/analysis/verdict-record';
import { protocolName, socketText, textOf } from '../../store/queries/places';
import type { Candidate, Candidates } from './candidate';
import { logOdds, rounded, weightsOf } from './confidence';
import type { Evidence } from './evidence';
import { extraText } from './held-extra';
import { PRIORS } from './priors.data';
import type { SessionTime } from './session-time';
import { ageOf } from './votes';

/** A socket may be seen so much before its first packet or after its last one, ms. */
const AROUND_MS = 5_000;

/** How far back and ahead a host's sockets say what its processes are used to talk to, ms. */
export const HABIT_MS = 24 * 3_600_000;

/** Sockets are looked at about this often, ms: a session that lasts twice as long should have been seen. */
const LOOK_EVERY_MS = 60_000;

/** The same for a session that lasted long enough to be seen. */
const MISSED = 0.4;

/** A process that was never seen with this session, but with its destination before or after. */
const HABIT = 0.6;

/** How sure it is that a host's own address speaks for the host itself. */
const OWN = 0.97;

/** What is asked of a host: who began a session on one of its own addresses. */
export interface HostQuestion {
  readonly host: string;
  /** Hex. */
  readonly address: string;
  readonly port: number | null;
  readonly leg: Leg;
  readonly time: SessionTime;
}

/**
 * The process (on ESXi the world) that held the session's socket. Sockets are looked at now and then: a session that was
 * over between two looks leaves none. Then the processes that are used to talk to its destination are candidates, and
 * the host as such.
 */
export function serviceOf(evidence: Evidence, question: HostQuestion): Candidates {
  const own = ownSockets(evidence, question);
  if (own.length > 0) {
    const candidates = byProcess(question, own, PRIORS['socket-process'], 'the socket was seen');
    return { candidates, reasons: [] };
  }
  const sockets = socketsOf(evidence, question);
  const { time } = question;
  const isLong = time.end - time.start >= 2 * LOOK_EVERY_MS;
  const habit = sockets.filter((held) => remoteOf(held.key) === remoteText(question));
  const known = byProcess(
    question,
    habit,
    isLong ? MISSED : HABIT,
    'it talks to this destination, but was not seen with this session',
  );
  const reasons = [isLong ? 'SOCKET_NOT_SEEN' : 'SHORT_SESSION'];
  if (sockets.length === 0) return { candidates: [hostItself(question, OWN)], reasons: ['NO_SOCKETS'] };
  const left = Math.max(0.1, OWN - known.reduce((sum, { weight }) => sum + weight, 0));
  return { candidates: [...known, hostItself(question, left)], reasons };
}

/** Sockets of the host on this address within a day of the session. */
function socketsOf(evidence: Evidence, { host, address, leg, time }: HostQuestion): readonly Held[] {
  const local = textOf(address);
  const prefix = `${protocolName(leg.protocol)}:${local.includes(':') ? `[${local}]` : local}:`;
  return evidence
    .heldInRange('socket-process', prefix, `${prefix.slice(0, -1)};`, time.start - HABIT_MS, time.end + HABIT_MS)
    .filter(({ device }) => device === host);
}

/** The sockets with the session's own two ends, while it went on. */
function ownSockets(evidence: Evidence, { host, address, port, leg, time }: HostQuestion): readonly Held[] {
  const key = `${protocolName(leg.protocol)}:${socketText(address, port)}>${socketText(leg.dst, leg.dstPort)}`;
  return evidence
    .held('socket-process', key)
    .filter(
      (held) => held.device === host && held.fromHi <= time.end + AROUND_MS && held.toLo >= time.start - AROUND_MS,
    );
}

function remoteOf(key: string): string {
  return key.slice(key.indexOf('>') + 1);
}

function remoteText({ leg }: HostQuestion): string {
  return socketText(leg.dst, leg.dstPort);
}

/** One candidate a process, by all sockets that speak for it. */
function byProcess(question: HostQuestion, sockets: readonly Held[], prior: number, detail: string): Candidate[] {
  const byName = new Map<string, Held[]>();
  for (const held of sockets) {
    const name = processOf(held);
    byName.set(name, [...(byName.get(name) ?? []), held]);
  }
  const votes = [...byName].map(([process, held]) => ({ value: { process, held }, odds: logOdds(prior) }));
  return weightsOf(votes).map(({ value: { process, held }, weight }) => {
    const nearest = [...held].sort((a, b) => ageOf(a, question.time.start) - ageOf(b, question.time.start))[0]!;
    return {
      owner: serviceOwner(question.host, process),
      weight,
      steps: [socketStep(nearest, process, weight, detail)],
    };
  });
}

/** Hypervisors name the world; SNMP agents give a number, and the name beside it. */
function processOf(held: Held): string {
  return extraText(held, 'process.name') ?? held.value;
}

function serviceOwner(host: string, process: string): Owner {
  return { kind: 'service', id: `service:${host}/${process}`, name: `${process} on ${host}`, host };
}

/** The host as such: which of its processes it was is not known. */
function hostItself({ host }: HostQuestion, weight: number): Candidate {
  return { owner: { kind: 'service', id: `service:${host}`, name: host, host }, weight, steps: [] };
}

function socketStep(held: Held, process: string, weight: number, detail: string): VerdictStep {
  const world = extraText(held, 'ascribe.process.world_id');
  return {
    relation: 'socket-process',
    from: held.key,
    to: world === undefined ? process : `${process} (world ${world})`,
    device: held.device,
    parser: held.parser,
    validFrom: held.fromHi,
    validTo: held.toLo,
    clockOffset: 0,
    confidence: rounded(weight),
    rawSeqs: held.firstSeq === held.lastSeq ? [held.firstSeq] : [held.firstSeq, held.lastSeq],
    detail,
  };
}
