import { textOfHex } from '../../store/facts/address-hex';
import { serviceOnPort } from '../sessions/services';
import type { MutableValues, SessionEvidence } from './contract';

export const TCP = 6;
export const UDP = 17;

/** Whether anything came of it: refused and unanswered attempts carry no channel. */
export function hasExchange({ state, receivedBytes }: SessionEvidence): boolean {
  return state !== 'denied' && state !== 'attempt' && receivedBytes !== 0;
}

export function isOutbound({ networkDirection }: SessionEvidence): boolean {
  return networkDirection === 'outbound';
}

/** The hypervisor's own process began it. */
export function isHostService({ ownerKind }: SessionEvidence): boolean {
  return ownerKind === 'service';
}

/** `203.0.113.9:443/tcp`, `203.0.113.9/esp`: what a destination is called in texts and keys. */
export function destinationOf({ dst, dstPort, protocol }: SessionEvidence): string {
  const host = textOfHex(dst);
  const name = protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : `protocol ${protocol}`;
  if (dstPort === null) return `${host}/${name}`;
  return `${host.includes(':') ? `[${host}]` : host}:${dstPort}/${name}`;
}

/** What says better than a port that a session is encrypted, or undefined. */
export function strongEncryption({ encrypted, encryptedBy }: SessionEvidence): string | undefined {
  return encrypted === 'yes' && /^(?:eta|app):/.test(encryptedBy) ? encryptedBy : undefined;
}

/**
 * Why a session looks encrypted without the handshake that its port promises, or undefined. `no_handshake_room`: too few bytes for a full TLS
 * handshake. `payload_not_tls`: its first bytes are something else. `unknown_application`: a firewall that reads applications did not
 * know this one.
 */
export function withoutHandshake(session: SessionEvidence): string | undefined {
  const onPort = serviceOnPort(session.protocol, session.dstPort);
  const promisesTls = onPort?.tls === true;
  if (promisesTls && session.payloadProtocol !== null && !/tls|ssl|quic/i.test(session.payloadProtocol)) {
    return 'payload_not_tls';
  }
  if (promisesTls && UNKNOWN_APPLICATIONS.has(session.application?.toLowerCase() ?? '')) return 'unknown_application';
  if (promisesTls && session.handshakeRoom === false && sampledNot(session)) return 'no_handshake_room';
  return undefined;
}

/** What firewalls call traffic that they could not read: PAN-OS, FortiGate, Check Point, NBAR. */
const UNKNOWN_APPLICATIONS: ReadonlySet<string> = new Set([
  'unknown-tcp',
  'unknown-udp',
  'unknown-p2p',
  'unknown',
  'unknown traffic',
  'non-syn-tcp',
]);

/** Sampled counters say nothing of the room in one session. */
export function sampledNot({ sampling }: SessionEvidence): boolean {
  return sampling === 'none';
}

/** Encrypted or private protocols are expected on the port: of everybody, or of machines of this one's role. */
export function expectsPort(
  { ownerName: name, ownerHost: host }: SessionEvidence,
  port: number,
  { PortProfiles, roles }: MutableValues,
): boolean {
  return PortProfiles.has(port) || roles.allowsPort({ name, host }, port);
}

/** Bytes sent by bytes received; undefined where either is not counted. */
export function asymmetryOf({ sentBytes, receivedBytes }: SessionEvidence): number | undefined {
  if (sentBytes === null || receivedBytes === null) return undefined;
  return sentBytes / Math.max(1, receivedBytes);
}

export function ownerText({ ownerName, ownerHost, ownerKind }: SessionEvidence): string {
  const told = ownerHost === '' || ownerHost === ownerName || ownerName.endsWith(` on ${ownerHost}`);
  const place = told ? '' : ` on ${ownerHost}`;
  return `${WORDS[ownerKind]} ${ownerName}${place}`;
}

const WORDS: Readonly<Record<SessionEvidence['ownerKind'], string>> = {
  vm: 'VM',
  service: 'service',
  device_config: 'device',
  external: 'external',
  unknown: 'unknown owner',
  host: 'host',
  device: 'device',
};
