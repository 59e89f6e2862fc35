import type { Held, Leg } from '../../store/analysis/evidence-record';
import { textOf } from '../../store/queries/places';
import { DEFAULT_HOME_NETWORKS, HomeNetworks } from '../sessions/home-networks';
import type { Evidence } from './evidence';

/** What would make an address somebody's own. */
const HOLDERS = ['ip-mac', 'ip-dhcp', 'ip-vm', 'ip-user'] as const;

/** Addresses that the rest of the world cannot reach: RFC 1918, ULA, and RFC 6598 (carrier-grade NAT). */
const PRIVATE = new HomeNetworks([...DEFAULT_HOME_NETWORKS, '100.64.0.0/10']);

export function isPrivate(address: string): boolean {
  return PRIVATE.contains(address);
}

/**
 * Whether sessions of an address at home may be translated ones of others though no source names it as translated: it is an
 * own address of a device that runs no machines itself, or a public one that nobody is known to have.
 */
function isEdge(evidence: Evidence, address: string): boolean {
  if (!evidence.isHome(address)) return false;
  const ip = textOf(address);
  const devices = evidence.held('ip-device', ip);
  if (devices.length > 0) return !devices.some((held) => runsMachines(evidence, held));
  return !isPrivate(address) && HOLDERS.every((relation) => evidence.held(relation, ip).length === 0);
}

function runsMachines(evidence: Evidence, { parser, value }: Held): boolean {
  return parser.startsWith('esxi') || evidence.heldBy('vm-host', value).length > 0;
}

/** Whether the address of a session may stand for others: it is known to, or a device's own. */
export function mayTranslate(evidence: Evidence, address: string): boolean {
  return evidence.isTranslated(address) || isEdge(evidence, address);
}

/** Whether a session may be the outer side of a translation that nobody tells of. */
export function mayBeOuter(evidence: Evidence, { networkDirection, src }: Leg): boolean {
  return networkDirection === 'transit' || (networkDirection === 'outbound' && mayTranslate(evidence, src));
}
