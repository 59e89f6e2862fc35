import { serviceOnPort } from '../../sessions/services';
import type { SessionAnalytic } from '../contract';
import { destinationOf, expectsPort, hasExchange, isOutbound, ownerText, strongEncryption } from '../conditions';

/** TLS on ports where nobody expects it. */
export const AN0763: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0763',
  strategy: 'DET0273',
  techniques: ['T1573', 'T1571'],
  platform: 'Network Devices',
  title: 'TLS on a port that is not usually encrypted',
  text: 'First payload bytes or the application name show TLS on a port whose profile is clear text or unknown, such as 53 or 8080.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives: 'Products that serve TLS on ports missing from PortProfiles.',
  mutable: {
    PortProfiles: 'Further ports on which encryption is expected',
    TrafficAsymmetryRatio: 'Sent by received bytes from which the severity rises',
  },
  match(session, { values }) {
    const { dstPort, protocol, sentBytes, receivedBytes } = session;
    const by = strongEncryption(session);
    if (by === undefined || dstPort === null || !isOutbound(session) || !hasExchange(session)) return undefined;
    const onPort = serviceOnPort(protocol, dstPort);
    if (onPort?.encrypted === 'yes' || expectsPort(session, dstPort, values)) return undefined;
    const destination = destinationOf(session);
    const ratio = sentBytes === null || receivedBytes === null ? undefined : sentBytes / Math.max(1, receivedBytes);
    const lopsided = ratio !== undefined && ratio >= values.TrafficAsymmetryRatio;
    return {
      key: destination,
      severity: onPort?.encrypted === 'no' || lopsided ? 'high' : 'medium',
      text: `${ownerText(session)} speaks TLS with ${destination}, a port for ${onPort?.name ?? 'no known service'}`,
      terms: {
        destination,
        encrypted_by: by,
        service: onPort?.name ?? 'unknown',
        ...(ratio !== undefined && { ratio }),
      },
    };
  },
};
