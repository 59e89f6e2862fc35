import type { Site } from '../site';
import { at, type Owner, type TrueSession, type TrueVm } from '../truth';
import type { AnsweredOwner, AnsweredStep } from './answers';
import type { Matched } from './match';

/** What can be said of one hop of one session. `ambiguous`: several candidates, the truth among them. */
export type Outcome = 'right' | 'wrong' | 'ambiguous' | 'abstained';

/** `nat`: the initiator before translation; `ip`: the network adapter behind its address; `owner`: VM, host or device; `process`: world
 * or configuration line; `rule`: what let it out. */
export type Hop = 'nat' | 'ip' | 'owner' | 'process' | 'rule';

export const HOPS: readonly Hop[] = ['nat', 'ip', 'owner', 'process', 'rule'];

/** The outcome of each hop that the session has. */
export function outcomesOf(site: Site, matched: Matched): Partial<Record<Hop, Outcome>> {
  const { truth, leg } = matched;
  const process = processOutcome(matched);
  return {
    ...(leg === 'outside' && { nat: natOutcome(matched) }),
    ...(truth.owner.kind === 'vm' && { ip: adapterOutcome(site, matched) }),
    owner: ownerOutcome(matched),
    ...(process !== undefined && { process }),
    ...(truth.rule !== undefined && { rule: ruleOutcome(matched) }),
  };
}

function natOutcome({ truth, answer, of }: Matched): Outcome {
  const { verdict } = answer;
  if (verdict === undefined) return 'abstained';
  const { source, sourcePort } = verdict;
  if (source === undefined) return verdict.status === 'ambiguous' ? 'ambiguous' : 'abstained';
  // The translated address itself: translation was not undone, and nobody inside is named.
  if (source === truth.nat?.ip) return 'abstained';
  if (truth.askedBy !== undefined)
    return source === truth.askedBy ? 'right' : source === truth.client ? 'abstained' : 'wrong';
  if (source !== truth.client) return 'wrong';
  if (sourcePort === undefined || sourcePort === truth.clientPort || of > 1) return 'right';
  // The client is named, its port is that of its next session through the same translated port, and the verdict says so.
  return verdict.reasons.includes('PORT_REUSE') ? 'ambiguous' : 'wrong';
}

function adapterOutcome(site: Site, { truth, answer }: Matched): Outcome {
  const vm = vmOf(site, truth);
  const named = answer.verdict?.steps.filter(({ relation }) => relation === 'ip-mac' || relation === 'ip-dhcp') ?? [];
  const macs = named.map(({ to }) => to.toLowerCase());
  if (vm === undefined || macs.length === 0) return 'abstained';
  // The chain is the first candidate's; who else it may be stands beside it.
  if (answer.verdict?.status === 'ambiguous') return 'ambiguous';
  return macs.every((mac) => mac === vm.adapter.mac) ? 'right' : macs.includes(vm.adapter.mac) ? 'ambiguous' : 'wrong';
}

function ownerOutcome({ truth, answer }: Matched): Outcome {
  const { verdict } = answer;
  if (verdict === undefined || verdict.status === 'blind') return 'abstained';
  const named = verdict.owners.filter(({ kind }) => kind !== 'unknown');
  const [first] = named;
  if (first === undefined) return 'abstained';
  if (verdict.status === 'ambiguous') return named.some((owner) => isOwner(owner, truth.owner)) ? 'ambiguous' : 'wrong';
  if (isOwner(first, truth.owner)) return 'right';
  // Nobody of the site is named: an address is not a claim about who holds it.
  return first.kind === 'external' && first.id.startsWith('address:') ? 'abstained' : 'wrong';
}

/** Whether an answered owner is the true one, so far as it claims: the process or line behind it is a hop of its own. */
export function isOwner(answered: AnsweredOwner, owner: Owner): boolean {
  switch (owner.kind) {
    case 'vm':
      return answered.kind === 'vm' && (answered.id === `vm:${owner.uuid}` || answered.name === owner.name);
    case 'service':
      return (
        answered.kind === 'service' &&
        (answered.host === owner.host || answered.id.startsWith(`service:${owner.host}/`))
      );
    case 'device_config':
      return answered.kind === 'device_config' && answered.id.startsWith(`device:${owner.device}`);
    case 'external':
      return answered.kind === 'external';
  }
}

function processOutcome({ truth, answer }: Matched): Outcome | undefined {
  const { owner } = truth;
  if (owner.kind !== 'service' && owner.kind !== 'device_config') return undefined;
  const named = answer.verdict?.status === 'blind' ? [] : (answer.verdict?.owners ?? []);
  const same = named.filter((candidate) => isOwner(candidate, owner));
  const [first] = same;
  if (first === undefined) return 'abstained';
  if (owner.kind === 'device_config') return lineOutcome(first, owner.line);
  const process = first.id.slice(first.id.indexOf('/') + 1);
  if (process === '' || process === 'unknown' || !first.id.includes('/')) return 'abstained';
  if (same.length > 1) return same.some(({ id }) => id.endsWith(`/${owner.process}`)) ? 'ambiguous' : 'wrong';
  return process === owner.process ? 'right' : 'wrong';
}

/** `device:<device>/<purpose>/<endpoint>`: the endpoint must be in the line that made the session. */
function lineOutcome({ id }: AnsweredOwner, line: string): Outcome {
  const [, , endpoint] = id.split('/');
  if (endpoint === undefined || endpoint === '') return 'abstained';
  const host = endpoint.split(':').find((part) => part.includes('.')) ?? endpoint;
  return line.includes(host) ? 'right' : 'wrong';
}

function ruleOutcome({ truth, answer }: Matched): Outcome {
  const applied = answer.verdict?.rule;
  const { rule } = truth;
  if (applied === undefined || rule === undefined) return 'abstained';
  const names = new Set([rule.name, String(rule.id), rule.acl]);
  if (applied.device !== rule.device) return 'wrong';
  return names.has(applied.name) || names.has(applied.id) ? 'right' : 'wrong';
}

/** Whether every step of the chain that the truth can judge is true. */
export function isChainTrue(site: Site, { truth, answer }: Matched): boolean {
  const vm = vmOf(site, truth);
  return answer.verdict?.steps.every((step) => isStepTrue(step, truth, vm)) ?? false;
}

function isStepTrue({ relation, to }: AnsweredStep, truth: TrueSession, vm: TrueVm | undefined): boolean {
  switch (relation) {
    case 'ip-mac':
      return vm === undefined || to.toLowerCase() === vm.adapter.mac;
    case 'mac-vnic':
      return vm === undefined || to.startsWith(vm.uuid) || vm.names.some(({ name }) => to.startsWith(name));
    case 'vnic-vm':
    case 'ip-vm':
      return vm === undefined || at(vm.names, truth.start)?.name === to || at(vm.names, truth.end)?.name === to;
    case 'vm-host':
      return (
        vm === undefined ||
        vm.placements.some(({ host, from, to: left }) => host === to && from <= truth.end && truth.start < left)
      );
    case 'proxy':
      return truth.askedBy !== undefined && to.startsWith(`${truth.askedBy}:`);
    case 'nat':
      return truth.nat === undefined || to.includes(truth.client) || to.includes(truth.nat.ip);
    default:
      return true;
  }
}

function vmOf(site: Site, { owner }: TrueSession): TrueVm | undefined {
  return owner.kind === 'vm' ? site.inventory.vms.find(({ uuid }) => uuid === owner.uuid) : undefined;
}
