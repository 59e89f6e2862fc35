import type { SessionAnalytic } from '../contract';
import { destinationOf, hasExchange, isHostService, isOutbound, ownerText, withoutHandshake } from '../conditions';

/** ESXi daemons that use encryption of their own towards the outside. */
export const AN0403: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0403',
  strategy: 'DET0143',
  techniques: ['T1573.001'],
  platform: 'ESXi',
  title: 'ESXi service with an encrypted session that is no TLS, outside the management baseline',
  text: 'A process of the hypervisor itself (hostd, vpxa, a world without a name) holds a session to an address outside AllowedMgmtHosts whose payload is encrypted, or unreadable, without the handshake its port promises. ESXi has no reason to.',
  needs: ['flows', 'sockets', 'host_logs'],
  severity: 'critical',
  falsePositives: 'A management or backup product that is missing from AllowedMgmtHosts.',
  mutable: { AllowedMgmtHosts: 'Approved vCenter, update, syslog, NTP and backup endpoints of the hosts' },
  match(session, { values }) {
    if (!isHostService(session) || !isOutbound(session) || !hasExchange(session)) return undefined;
    if (values.AllowedMgmtHosts.has(session.dst)) return undefined;
    const unknownPort = session.encrypted === 'unknown' && session.encryptedBy === 'unknown_port';
    const why = withoutHandshake(session) ?? (unknownPort ? 'unknown_protocol_on_unknown_port' : undefined);
    if (why === undefined) return undefined;
    const destination = destinationOf(session);
    return {
      key: destination,
      text: `${ownerText(session)} holds a session with ${destination}, outside AllowedMgmtHosts: ${why.replaceAll('_', ' ')}`,
      terms: { why, destination, encrypted_by: session.encryptedBy, confidence: session.confidence },
    };
  },
};
