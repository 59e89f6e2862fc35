import { serviceOfProtocol } from '../../sessions/services';
import type { SessionAnalytic } from '../contract';
import { destinationOf, isOutbound, ownerText, TCP, UDP } from '../conditions';

/** Channels beside TCP and UDP. */
export const AN1258: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN1258',
  strategy: 'DET0457',
  techniques: ['T1095'],
  platform: 'Network Devices',
  title: 'Long exchange over a protocol that is neither TCP nor UDP',
  text: 'ICMP or another IP protocol is exchanged with the outside in both directions for longer than SessionDurationThreshold.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives: 'Monitoring by ping; IPsec and GRE tunnels that the configuration declares.',
  mutable: { SessionDurationThreshold: 'How long such an exchange may last' },
  match(session, { values }) {
    const { protocol, start, end, ownerKind, receivedBytes } = session;
    if (protocol === TCP || protocol === UDP || !isOutbound(session) || (receivedBytes ?? 0) === 0) return undefined;
    const duration = end - start;
    // A tunnel that a line of configuration declares is what that line says.
    if (
      duration < values.SessionDurationThreshold ||
      (ownerKind === 'device_config' && session.status === 'attributed')
    ) {
      return undefined;
    }
    const destination = destinationOf(session);
    const name = serviceOfProtocol(protocol)?.name ?? `IP protocol ${protocol}`;
    return {
      key: destination,
      text: `${ownerText(session)} exchanges ${name} with ${destination} for ${Math.round(duration / 60_000)} minutes`,
      terms: { destination, protocol, minutes: Math.round(duration / 60_000) },
    };
  },
};
