import type { SessionAnalytic } from '../contract';
import { destinationOf, hasExchange, isHostService, isOutbound, ownerText } from '../conditions';

/** ESXi services on ports that VMware does not define. */
export const AN0636: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0636',
  strategy: 'DET0227',
  techniques: ['T1571'],
  platform: 'ESXi',
  title: 'ESXi service on a port outside ESXiAllowedPorts',
  text: 'A process of the hypervisor itself talks to a port that no ESXi service uses.',
  needs: ['flows', 'sockets'],
  severity: 'medium',
  falsePositives: 'A plug-in or a storage product with ports of its own.',
  mutable: { ESXiAllowedPorts: 'Destination ports of the services of ESXi hosts' },
  match(session, { values }) {
    const { dstPort } = session;
    if (!isHostService(session) || dstPort === null || !hasExchange(session)) return undefined;
    if (session.networkDirection === 'inbound' || values.ESXiAllowedPorts.has(dstPort)) return undefined;
    const destination = destinationOf(session);
    return {
      key: destination,
      severity: isOutbound(session) && !values.AllowedMgmtHosts.has(session.dst) ? 'high' : 'medium',
      text: `${ownerText(session)} talks to ${destination}, a port outside ESXiAllowedPorts`,
      terms: { destination, port: dstPort, confidence: session.confidence },
    };
  },
};
