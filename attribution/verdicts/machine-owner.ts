import type { Held } from '../../store/analysis/evidence-record';
import type { Owner, VerdictStep } from '../../store/analysis/verdict-record';
import { type Candidate, type Candidates, merged } from './candidate';
import { logOdds, rounded, weightsOf, type Weighted } from './confidence';
import type { Entry } from './entry';
import type { Evidence } from './evidence';
import { extraText } from './held-extra';
import { isOutdated, leaseChange } from './lease-change';
import { stepOf } from './steps';
import { elect, type Elected, type Vote, votesAt } from './votes';

const MAC = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/u;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Where and when an address is asked for. */
export interface AddressQuestion {
  /** Canonical text. */
  readonly ip: string;
  readonly scope: string;
  /** By the reference clock. */
  readonly at: number;
  /** Where the session came in, where that is known. */
  readonly entry?: Entry | undefined;
}

/**
 * The virtual machine that held an address: by its MAC address (ARP, DHCP) and the adapter that has it, and by what
 * the guest says itself. A MAC address that no hypervisor knows leads to a machine without a name.
 */
export function machineOf(evidence: Evidence, question: AddressQuestion): Candidates {
  const { ip, scope, at, entry } = question;
  const leased = leases(evidence, question);
  const change = leaseChange(leased, at);
  const switched = entry === undefined ? [] : portVotes(evidence, entry, scope, at);
  const cached = votesAt(evidence, { relation: 'ip-mac', key: ip, scope, at, entry }).filter(
    (vote) => vote.value === change?.client || !isOutdated(evidence, vote, change, at),
  );
  const macs = elect([...cached, ...leased, ...switched].filter(({ value }) => MAC.test(value)));
  const byMac = merged(macs.flatMap((mac) => machinesWithMac(evidence, ip, mac, at)));
  const now = byMac[0]?.owner;
  const guests = elect(
    votesAt(evidence, { relation: 'ip-vm', key: ip, scope, at }).filter(
      (vote) => vote.value === now?.name || `vm:${vote.value}` === now?.id || !isOutdated(evidence, vote, change, at),
    ),
  );
  const byGuest = merged(guests.map((guest) => guestMachine(evidence, ip, guest, at)));
  const reasons = [...reasonsOf('IP_MAC', macs), ...reasonsOf('IP_VM', guests)];
  if (macs.length > 0 && !byMac.some(({ owner }) => owner.kind === 'vm')) reasons.push('NO_VNIC');
  return { candidates: combined(byMac, byGuest), reasons };
}

function leases(evidence: Evidence, { ip, scope, at }: AddressQuestion): Vote[] {
  return votesAt(evidence, { relation: 'ip-dhcp', key: ip, scope, at });
}

/** The adapters that have a MAC address: one, or several where it was cloned. */
function machinesWithMac(evidence: Evidence, ip: string, mac: Weighted<Elected>, at: number): Candidate[] {
  const { held } = mac.value.votes[0]!;
  const first = stepOf(held.relation === 'dvport-vnic' ? `port ${held.key}` : ip, mac);
  const adapters = elect(votesAt(evidence, { relation: 'mac-vnic', key: mac.value.value, scope: '', at }));
  if (adapters.length === 0) return [{ owner: nameless(mac.value.value), weight: mac.weight, steps: [first] }];
  return adapters.map((adapter) => {
    const found = machineOfAdapter(evidence, adapter, at);
    const steps = [first, stepOf(mac.value.value, adapter), ...found.steps];
    return { owner: found.owner, weight: mac.weight * adapter.weight, steps };
  });
}

function nameless(mac: string): Owner {
  return { kind: 'unknown', id: `mac:${mac}`, name: mac, host: '' };
}

/** `<uuid or name>/<adapter>`: the machine, by the name and on the host that it had then. */
function machineOfAdapter(evidence: Evidence, adapter: Weighted<Elected>, at: number) {
  const vnic = adapter.value.value;
  const slash = vnic.lastIndexOf('/');
  const id = slash < 0 ? vnic : vnic.slice(0, slash);
  const [named] = elect(votesAt(evidence, { relation: 'vnic-vm', key: vnic, scope: '', at }));
  const stated = extraText(adapter.value.votes[0]?.held, 'ascribe.vm.name');
  const name = named?.value.value ?? stated ?? id;
  const place = placeOf(evidence, name, at);
  const steps: VerdictStep[] = [...(named === undefined ? [] : [stepOf(vnic, named)]), ...place.steps];
  return { owner: { kind: 'vm', id: `vm:${id}`, name, host: place.host } satisfies Owner, steps };
}

/** What the guest says: the name of its machine, or its UUID. */
function guestMachine(evidence: Evidence, ip: string, guest: Weighted<Elected>, at: number): Candidate {
  const { value } = guest.value;
  const step = stepOf(ip, guest);
  const uuid = UUID.test(value) ? value.toLowerCase() : uuidOf(evidence, value, guest.value.votes[0]?.held, at);
  const name = UUID.test(value) ? nameOf(evidence, value, at) : value;
  const place = placeOf(evidence, name, at);
  const owner: Owner = { kind: 'vm', id: `vm:${uuid ?? value}`, name, host: place.host };
  return { owner, weight: guest.weight, steps: [step, ...place.steps] };
}

/** The UUID of a machine by its name, as the guest's own line or its adapters tell it. */
function uuidOf(evidence: Evidence, name: string, held: Held | undefined, at: number): string | undefined {
  const stated = extraText(held, 'ascribe.vm.uuid');
  if (stated !== undefined) return stated;
  const adapters = evidence.heldBy('vnic-vm', name).filter(({ fromLo, toHi }) => fromLo <= at && at <= toHi);
  const ids = new Set(adapters.map(({ key }) => key.slice(0, Math.max(0, key.lastIndexOf('/')))));
  return ids.size === 1 ? [...ids][0] : undefined;
}

function nameOf(evidence: Evidence, uuid: string, at: number): string {
  const adapters = evidence.heldInRange('vnic-vm', `${uuid}/`, `${uuid}0`, at, at);
  return adapters.at(-1)?.value ?? uuid;
}

/** The host that ran a machine then. While it moves both are possible; who it is does not depend on it. */
function placeOf(evidence: Evidence, name: string, at: number): { host: string; steps: VerdictStep[] } {
  const [first] = elect(votesAt(evidence, { relation: 'vm-host', key: name, scope: '', at }));
  if (first === undefined || first.weight < 0.5) return { host: '', steps: [] };
  return { host: first.value.value, steps: [stepOf(name, first)] };
}

/** Two independent ways to a machine: what both say is surer, what they say differently competes. */
function combined(byMac: readonly Candidate[], byGuest: readonly Candidate[]): Candidate[] {
  if (byGuest.length === 0 || byMac.length === 0) return [...byMac, ...byGuest];
  const keys = new Set([...byMac, ...byGuest].map(({ owner }) => owner.id));
  const votes = [...keys].map((id) => {
    const mac = byMac.find(({ owner }) => owner.id === id);
    const guest = byGuest.find(({ owner }) => owner.id === id);
    const odds = [mac, guest].reduce((sum, one) => sum + (one === undefined ? 0 : logOdds(one.weight)), 0);
    const steps = mac === undefined ? guest!.steps : agreed(mac, guest);
    return { value: { owner: (mac ?? guest!).owner, steps }, odds };
  });
  return weightsOf(votes).map(({ value, weight }) => ({ ...value, weight }));
}

/** The chain by the MAC address, with the guest's word beside its first link. */
function agreed(mac: Candidate, guest: Candidate | undefined): readonly VerdictStep[] {
  const [first, ...rest] = mac.steps;
  const said = guest?.steps[0];
  if (first === undefined || said === undefined) return mac.steps;
  const detail = [first.detail, `the guest says the same (${said.device})`].filter((text) => text !== '').join('; ');
  const rawSeqs = [...new Set([...first.rawSeqs, ...said.rawSeqs])].sort((a, b) => a - b);
  return [{ ...first, detail, rawSeqs, confidence: rounded(Math.max(first.confidence, said.confidence)) }, ...rest];
}

const STALE = 0.7;

function reasonsOf(name: string, elected: readonly Weighted<Elected>[]): string[] {
  const reasons: string[] = [];
  const [first] = elected;
  if (first === undefined) return reasons;
  if (elected.length > 1) reasons.push(`CONFLICT_${name}`);
  if (first.weight < STALE && elected.length === 1) reasons.push(`STALE_${name}`);
  const scopes = new Set(elected.flatMap(({ value }) => value.votes.map(({ held }) => held.scope)));
  if (elected.length > 1 && scopes.size > 1) reasons.push('SCOPE_UNKNOWN');
  return reasons;
}

/**
 * Who is behind the port of the distributed switch at which a session came in: interface numbers of a switch's exports are its
 * ports. Only of exporters that ports are known of: the interfaces of routers have the same numbers.
 */
function portVotes(evidence: Evidence, { device, inIf }: Entry, scope: string, at: number): readonly Vote[] {
  if (evidence.statedBy('dvport-vnic', device).length === 0) return [];
  return votesAt(evidence, { relation: 'dvport-vnic', key: String(inIf), scope, at });
}
