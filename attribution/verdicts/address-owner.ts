import type { Held, Leg } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { textOf } from '../../store/queries/places';
import { type Candidate, type Candidates, merged } from './candidate';
import type { Weighted } from './confidence';
import { configLineOf } from './config-endpoint';
import { entryOf } from './entry';
import type { Evidence } from './evidence';
import { serviceOf } from './host-service';
import { machineOf } from './machine-owner';
import type { SessionTime } from './session-time';
import { stepOf } from './steps';
import { elect, type Elected, votesAt } from './votes';

/** The one whose address it is, with no translation left between. */
export interface AddressOwnerQuestion {
  /** Hex. */
  readonly address: string;
  readonly port: number | null;
  readonly scope: string;
  readonly leg: Leg;
  readonly time: SessionTime;
}

/**
 * Who held an address when the session began: a device whose own address it is, a virtual machine, a user with an address
 * of a VPN, else nobody who is known.
 */
export function ownerOfAddress(evidence: Evidence, question: AddressOwnerQuestion): Candidates {
  const { address, scope, leg, time } = question;
  const ip = textOf(address);
  const devices = elect(votesAt(evidence, { relation: 'ip-device', key: ip, scope, at: time.start }));
  const machines = machineOf(evidence, { ip, scope, at: time.start, entry: entryOf(evidence, address, leg) });
  const own = devices.map((device) => ownersOnDevice(evidence, question, device));
  const reasons = [...own.flatMap((found) => found.reasons), ...machines.reasons];
  const candidates = merged([...own.flatMap((found) => found.candidates), ...scaled(machines.candidates, devices)]);
  // A MAC address that nobody knows is what a device's own address looks like from outside.
  const named = candidates.filter(({ owner }) => owner.kind !== 'unknown');
  const isSettled = devices.length > 0 && named.length > 0;
  const rest = isSettled ? named : candidates;
  if (rest.some(({ owner }) => owner.kind !== 'unknown')) {
    return { candidates: rest, reasons: isSettled ? reasons.filter((reason) => reason !== 'NO_VNIC') : reasons };
  }
  const user = userOf(evidence, question, ip);
  if (user !== undefined) return { candidates: [user], reasons: [] };
  if (candidates.length > 0) return { candidates, reasons };
  return evidence.isHome(address)
    ? { candidates: [], reasons: ['NO_BINDING'] }
    : { candidates: [outsider(ip)], reasons };
}

/** A hypervisor's worlds, or a network device's lines. */
function ownersOnDevice(evidence: Evidence, question: AddressOwnerQuestion, device: Weighted<Elected>): Candidates {
  const host = device.value.value;
  const { address, port, leg, time } = question;
  const first = stepOf(textOf(address), device);
  const on = { host, address, port, leg, time };
  const found = isHypervisor(evidence, host, device.value.votes[0]?.held, time.start)
    ? serviceOf(evidence, on)
    : deviceOrProcess(evidence, on);
  const candidates = found.candidates.map((candidate): Candidate => {
    return { ...candidate, weight: candidate.weight * device.weight, steps: [first, ...candidate.steps] };
  });
  return { candidates, reasons: found.reasons };
}

/** A declared line explains a device's session best; a process of it that holds the socket comes next. */
function deviceOrProcess(evidence: Evidence, on: Parameters<typeof serviceOf>[1]): Candidates {
  const lines = configLineOf(evidence, on);
  const isDeclared = lines.candidates.some(({ owner }) => owner.id.includes('/'));
  if (isDeclared) return lines;
  const service = serviceOf(evidence, on);
  const seen = service.candidates.filter(({ owner }) => owner.id.includes('/'));
  return seen.length > 0 && seen[0]!.weight > 0.9 ? { ...service, candidates: seen } : lines;
}

/** Hosts are known as such by running machines, or by the parser that read them. */
function isHypervisor(evidence: Evidence, host: string, held: Held | undefined, at: number): boolean {
  if (held?.parser.startsWith('esxi') === true) return true;
  return evidence.heldBy('vm-host', host).some(({ fromLo, toHi }) => fromLo <= at && at <= toHi);
}

/** Where a device claims the address as its own, a machine with its MAC address is left what the device leaves. */
function scaled(machines: readonly Candidate[], devices: readonly Weighted<Elected>[]): Candidate[] {
  const taken = devices.reduce((sum, { weight }) => sum + weight, 0);
  return machines.map((candidate) => ({
    ...candidate,
    weight: candidate.weight * (devices.length === 0 ? 1 : Math.max(0.05, 1 - taken)),
  }));
}

function userOf(evidence: Evidence, { scope, time }: AddressOwnerQuestion, ip: string): Candidate | undefined {
  const [user] = elect(votesAt(evidence, { relation: 'ip-user', key: ip, scope, at: time.start }));
  if (user === undefined) return undefined;
  const name = user.value.value;
  const owner = { kind: 'external', id: `user:${name}`, name, host: '' } as const;
  return { owner, weight: user.weight, steps: [stepOf(ip, user)] };
}

/** Not of the site: nobody here can know more. */
export function outsider(ip: string): Candidate {
  const step: VerdictStep = {
    relation: 'home',
    from: ip,
    to: 'outside the home networks',
    device: '',
    parser: '',
    validFrom: null,
    validTo: null,
    clockOffset: 0,
    confidence: 0.95,
    rawSeqs: [],
    detail: '',
  };
  return { owner: { kind: 'external', id: `address:${ip}`, name: ip, host: '' }, weight: 0.95, steps: [step] };
}
