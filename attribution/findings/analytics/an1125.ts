import type { SessionAnalytic } from '../contract';
import { destinationOf, isHostService, isOutbound, ownerText } from '../conditions';

const DNS = 53;

/** ESXi that asks resolvers outside. */
export const AN1125: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN1125',
  strategy: 'DET0400',
  techniques: ['T1071.004'],
  platform: 'ESXi',
  title: 'ESXi host that asks a resolver outside the management plane',
  text: 'A process of the hypervisor sends DNS to an address outside AllowedMgmtHosts.',
  needs: ['flows', 'sockets'],
  severity: 'medium',
  falsePositives: 'A host that was set up with a public resolver.',
  mutable: {
    AllowedMgmtHosts: 'Approved endpoints of the hosts, resolvers among them',
    OutboundDNSVolume: 'Bytes sent in one session from which the severity rises',
  },
  requires: ['AllowedMgmtHosts'],
  match(session, { values }) {
    if (!isHostService(session) || session.dstPort !== DNS || !isOutbound(session)) return undefined;
    if (values.AllowedMgmtHosts.size === 0 || values.AllowedMgmtHosts.has(session.dst)) return undefined;
    const sent = session.sentBytes ?? 0;
    const destination = destinationOf(session);
    return {
      key: destination,
      severity: sent >= values.OutboundDNSVolume ? 'high' : 'medium',
      text: `${ownerText(session)} asks the resolver ${destination}, outside AllowedMgmtHosts`,
      terms: { destination, sent_bytes: sent },
    };
  },
};
