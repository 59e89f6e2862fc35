import type { Match, MutableValues, SessionAnalytic, SessionEvidence } from '../contract';
import {
  destinationOf,
  expectsPort,
  hasExchange,
  isOutbound,
  ownerText,
  sampledNot,
  withoutHandshake,
} from '../conditions';

/** Encrypted payload without the handshake that goes with it. */
export const AN0404: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0404',
  strategy: 'DET0143',
  techniques: ['T1573.001'],
  platform: 'Network Devices',
  title: 'Session that is encrypted without a key exchange, or unreadable on a port of its own',
  text: 'Flow records or a firewall tell of a session that has no room for the TLS handshake its port promises, whose first bytes are no TLS, or that moves more than TrafficVolumeThreshold on a port nobody has a profile for; or a network device opens one that no line of its configuration declares. Entropy of payload cannot be read from flow records: the term `why` names what stood in for it.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives:
    'Health checks and resumed sessions on TLS ports; protocols of products on ports missing from PortProfiles.',
  mutable: {
    PortProfiles: 'Further ports on which encrypted or private protocols are expected',
    TrafficVolumeThreshold: 'Bytes that a session on an unknown port must move to be told',
  },
  match(session, { values }) {
    if (!isOutbound(session) || !hasExchange(session) || session.ownerKind === 'external') return undefined;
    const why = withoutHandshake(session) ?? undeclared(session) ?? unreadable(session, values);
    return why === undefined ? undefined : found(session, why);
  },
};

/** A device's own session that is no clear text, and that no line of its configuration accounts for: such an owner has no line in its id. */
function undeclared({ ownerKind, owner, encrypted }: SessionEvidence): string | undefined {
  return ownerKind === 'device_config' && !owner.includes('/') && encrypted !== 'no'
    ? 'no_line_declares_it'
    : undefined;
}

function unreadable(session: SessionEvidence, values: MutableValues): string | undefined {
  const { encrypted, encryptedBy, dstPort, sentBytes, receivedBytes } = session;
  if (encrypted !== 'unknown' || encryptedBy !== 'unknown_port' || dstPort === null) return undefined;
  if (expectsPort(session, dstPort, values)) return undefined;
  return (sentBytes ?? 0) + (receivedBytes ?? 0) >= values.TrafficVolumeThreshold
    ? 'volume_on_unknown_port'
    : undefined;
}

function found(session: SessionEvidence, why: string): Match {
  const destination = destinationOf(session);
  const { sentBytes, receivedBytes, encryptedBy, confidence } = session;
  return {
    key: destination,
    // A router or firewall that speaks for itself has fewer reasons than a VM.
    severity: session.ownerKind === 'device_config' && why !== 'no_line_declares_it' ? 'high' : 'medium',
    text: `${ownerText(session)} has a session with ${destination}: ${why.replaceAll('_', ' ')}`,
    terms: {
      why,
      destination,
      encrypted_by: encryptedBy,
      confidence,
      ...(sentBytes !== null && { sent_bytes: sentBytes }),
      ...(receivedBytes !== null && { received_bytes: receivedBytes }),
      ...(!sampledNot(session) && { sampled: true }),
    },
  };
}
