import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { extras, present } from '../grammar/values';
import { readDhcp, type DhcpMessage } from './dhcp-messages';

/**
 * DHCP servers on Unix: ISC dhcpd (also inside pfSense, OPNsense, EdgeOS, Infoblox), Kea and dnsmasq. Leases given and
 * taken back become `ip-dhcp` bindings; the other messages of the exchange are events only.
 */
export const DHCP: VendorParser = {
  name: 'dhcp',
  vendor: 'ISC',
  product: 'DHCP server',
  summary: 'Leases of ISC dhcpd, Kea and dnsmasq',
  stability: 'stable',
  example: '<190>Nov 24 02:10:00 gw dhcpd[640]: DHCPACK on 10.0.0.56 to 02:00:5e:00:53:01 (laptop) via eth0.60',
  recognizes: (message) => readDhcp(message.content) !== undefined,
  parse: dhcpFacts,
};

/** What the exchange's messages are called as events. */
const ACTIONS: Readonly<Record<string, string>> = {
  ack: 'dhcp_lease',
  inform_ack: 'dhcp_inform',
  release: 'dhcp_release',
  expire: 'dhcp_release',
  decline: 'dhcp_decline',
};

function dhcpFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const read = readDhcp(message.content);
  return read === undefined ? [] : dhcpMessageFacts(read, context.base, message.appName, message.content);
}

/** Facts of one DHCP message: the event, and the lease it gives or ends. Also for vendors that log dhcpd's own words. */
export function dhcpMessageFacts(read: DhcpMessage, base: FactBase, process: string | undefined, text: string): Fact[] {
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: 'network',
    action: ACTIONS[read.kind] ?? `dhcp_${read.kind}`,
    outcome: read.kind === 'nak' || read.kind === 'decline' || read.refused === true ? 'failure' : 'success',
    code: read.code,
    process,
    message: text,
    extra: extras({
      'client.ip': read.address,
      'client.mac': read.client?.startsWith('duid:') === true ? undefined : read.client,
      'client.domain': read.hostname,
      'observer.ingress.interface.name': read.interface,
    }),
  });
  const binding = leaseBinding(read, base);
  return binding === undefined ? [event] : [event, binding];
}

function leaseBinding(read: DhcpMessage, base: FactBase): Binding | undefined {
  const { address, client } = read;
  if (address === undefined || client === undefined) return undefined;
  const common = { ...base, fact: 'binding' as const, key: address, value: client };
  const extra = extras({
    hostname: read.hostname,
    lease: read.lease,
    'observer.ingress.interface.name': read.interface,
  });
  if (read.kind === 'ack') {
    const validUntil = read.lease === undefined ? undefined : base.observedAt + read.lease * 1000;
    return present<Binding>({ ...common, relation: 'ip-dhcp', state: 'begin', validUntil, extra });
  }
  if (read.kind === 'release' || read.kind === 'expire') {
    return present<Binding>({ ...common, relation: 'ip-dhcp', state: 'end', extra });
  }
  // An acknowledged INFORM: the client has its address from elsewhere.
  return read.kind === 'inform_ack'
    ? present<Binding>({ ...common, relation: 'ip-mac', state: 'seen', extra })
    : undefined;
}
