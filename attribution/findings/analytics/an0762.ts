import type { SessionAnalytic } from '../contract';
import { destinationOf, hasExchange, isHostService, isOutbound, ownerText, withoutHandshake } from '../conditions';

/** ESXi processes that open TLS outside vCenter and update servers. */
export const AN0762: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0762',
  strategy: 'DET0273',
  techniques: ['T1573', 'T1573.002'],
  platform: 'ESXi',
  title: 'ESXi service with TLS outside the management baseline',
  text: 'A process of the hypervisor itself opens an encrypted session to an address outside AllowedMgmtHosts: neither vCenter nor an update server.',
  needs: ['flows', 'sockets', 'host_logs'],
  severity: 'high',
  falsePositives: 'A management or backup product that is missing from AllowedMgmtHosts.',
  mutable: { AllowedMgmtHosts: 'Approved vCenter, update, syslog, NTP and backup endpoints of the hosts' },
  requires: ['AllowedMgmtHosts'],
  match(session, { values }) {
    if (!isHostService(session) || !isOutbound(session) || !hasExchange(session)) return undefined;
    if (session.encrypted !== 'yes' || withoutHandshake(session) !== undefined) return undefined;
    if (values.AllowedMgmtHosts.size === 0 || values.AllowedMgmtHosts.has(session.dst)) return undefined;
    const destination = destinationOf(session);
    return {
      key: destination,
      text: `${ownerText(session)} holds an encrypted session with ${destination}, outside AllowedMgmtHosts`,
      terms: { destination, encrypted_by: session.encryptedBy, confidence: session.confidence },
    };
  },
};
