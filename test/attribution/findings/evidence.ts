import { addressSet } from '../../../attribution/findings/address-set';
import type { MutableValues, SessionContext, SessionEvidence } from '../../../attribution/findings/contract';
import { DEFAULT_MUTABLE_VALUES } from '../../../attribution/findings/finding-rules';
import type { ChangeRecord } from '../../../store/analysis/finding-record';

export const T = Date.UTC(2026, 10, 24, 2, 0);
export const MINUTE = 60_000;

export const hex = (ip: string): string =>
  ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();

/** A TLS session of a VM with an address outside. */
export function session(more: Partial<SessionEvidence> = {}): SessionEvidence {
  return {
    num: 1,
    start: T,
    end: T + MINUTE,
    protocol: 6,
    src: hex('10.0.0.5'),
    srcPort: 50_000,
    dst: hex('203.0.113.9'),
    dstPort: 443,
    networkDirection: 'outbound',
    state: 'ended',
    encrypted: 'yes',
    encryptedBy: 'port:443/tcp',
    handshakeRoom: true,
    application: null,
    payloadProtocol: null,
    sentBytes: 5000,
    receivedBytes: 20_000,
    sampling: 'none',
    status: 'attributed',
    confidence: 0.95,
    ownerKind: 'vm',
    owner: 'vm:web',
    ownerName: 'web1',
    ownerHost: 'esx1',
    ruleDevice: null,
    ruleName: null,
    ruleId: null,
    ruleLine: null,
    ruleText: null,
    ruleAuthor: null,
    ruleCommittedAt: null,
    ...more,
  };
}

/** A session of a process of an ESXi host. */
export function hostSession(more: Partial<SessionEvidence> = {}): SessionEvidence {
  return session({ ownerKind: 'service', owner: 'service:esx1/hostd', ownerName: 'hostd', ownerHost: 'esx1', ...more });
}

export function values(more: Partial<MutableValues> = {}): MutableValues {
  return { ...DEFAULT_MUTABLE_VALUES, AllowedMgmtHosts: addressSet(['10.9.0.0/24', '198.51.100.7']), ...more };
}

export function context(changes: readonly ChangeRecord[] = [], more: Partial<MutableValues> = {}): SessionContext {
  return {
    values: values(more),
    names: () => [],
    changes: (device, from, to) =>
      changes.filter((change) => change.device === device && change.at >= from && change.at <= to),
  };
}

/** A command typed on an ESXi host ten minutes before the session. */
export function change(more: Partial<ChangeRecord> = {}): ChangeRecord {
  return {
    num: 1,
    device: 'esx1',
    parser: 'vmware_esxi',
    at: T - 10 * MINUTE,
    receivedAt: T - 10 * MINUTE,
    category: 'process',
    action: 'command',
    outcome: null,
    code: null,
    user: 'root',
    src: null,
    process: 'shell',
    command: null,
    message: null,
    rawSeq: 7,
    own: false,
    ...more,
  };
}
