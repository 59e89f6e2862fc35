import type { SessionAnalytic } from '../contract';
import { destinationOf, hasExchange, isOutbound, ownerText } from '../conditions';

const HTTPS = 443;
const DNS_OVER_TLS = 853;

/** Names asked for over encrypted channels. */
export const AN1228: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN1228',
  strategy: 'DET0444',
  techniques: ['T1071.004', 'T1572'],
  platform: 'Network Devices',
  title: 'DNS over HTTPS or TLS with a public resolver',
  text: 'A session with one of DoHResolvers on 443 or 853 hides which names are asked for. Servers have no reason to pass their own resolver by, a hypervisor or a router least of all.',
  needs: ['flows'],
  severity: 'low',
  falsePositives: 'Browsers with DNS over HTTPS on desktops.',
  mutable: { DoHResolvers: 'Addresses of public resolvers that answer over HTTPS or TLS' },
  match(session, { values }) {
    const { dstPort, dst, ownerKind } = session;
    if (dstPort !== HTTPS && dstPort !== DNS_OVER_TLS) return undefined;
    if (!isOutbound(session) || !hasExchange(session) || !values.DoHResolvers.has(dst)) return undefined;
    const destination = destinationOf(session);
    return {
      key: destination,
      severity: ownerKind === 'service' || ownerKind === 'device_config' ? 'high' : 'low',
      text: `${ownerText(session)} asks the public resolver ${destination} over an encrypted channel`,
      terms: { destination, owner_kind: ownerKind },
    };
  },
};
