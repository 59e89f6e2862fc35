import { between, integer, ip, mac, word } from '../grammar/values';
import { pattern } from '../patterns';

/** One DHCP message as a server logged it. */
export interface DhcpMessage {
  /** `discover`, `offer`, `request`, `ack`, `inform_ack`, `nak`, `decline`, `release`, `expire`, … */
  readonly kind: string;
  /** The server's own word: `DHCPACK`, `DHCP4_LEASE_ALLOC`. */
  readonly code: string;
  readonly address?: string | undefined;
  /** MAC address; `duid:…` for DHCPv6 clients that are known by their DUID only. */
  readonly client?: string | undefined;
  readonly hostname?: string | undefined;
  readonly interface?: string | undefined;
  /** The server says behind the message that it will not serve it: `no free leases`, `wrong network`. */
  readonly refused?: boolean | undefined;
  /** Seconds. */
  readonly lease?: number | undefined;
}

// ISC dhcpd (server/dhcp.c): `DHCPACK on IP to MAC (NAME) via IF`, `DHCPREQUEST for IP (SERVER) from MAC (NAME) via IF`,
// `DHCPRELEASE of IP from MAC (NAME) via IF (found)`, `DHCPACK to IP (MAC) via IF` for an INFORM.
const ISC = pattern(
  'dhcp_isc',
  /^DHCP(DISCOVER|OFFER|REQUEST|ACK|NAK|DECLINE|RELEASE|EXPIRE|INFORM) (?:(?:on|for|of|to) ([0-9a-fA-F.:]{7,39}) )?(?:\(([^)]{1,64})\) )?(?:(?:to|from) ([0-9a-fA-F:.-]{3,39}) ?)?(?:\(([^)]{0,256})\) )?(?:via (\S{1,64}))?/,
);
// dnsmasq (src/dhcp-common.c, log_packet): `[XID ]DHCPACK(IF) IP MAC NAME`.
const DNSMASQ = pattern(
  'dhcp_dnsmasq',
  /^(?:\d{1,10} )?DHCP(DISCOVER|OFFER|REQUEST|ACK|NAK|DECLINE|RELEASE|INFORM|REPLY|SOLICIT|ADVERTISE|RENEW)\(([^)]{1,64})\) (?:([0-9a-fA-F.:]{3,39}) )?([0-9a-fA-F:]{17,383})(?: (\S{1,256}))?/,
);
const ISC_V6 = pattern(
  'dhcp_isc_v6',
  /^(Reply|Advertise) NA: address ([0-9a-fA-F:.]{3,39}) to client with duid ([0-9a-fA-F:]{5,383}) iaid = -?\d{1,11} valid for (\d{1,10}) seconds/,
);

const KEA_KINDS: Readonly<Record<string, string>> = {
  DHCP4_LEASE_ALLOC: 'ack',
  DHCP4_LEASE_REUSE: 'ack',
  DHCP4_LEASE_RENEW: 'ack',
  DHCP6_LEASE_ALLOC: 'ack',
  DHCP6_LEASE_RENEW: 'ack',
  DHCP6_LEASE_REUSE: 'ack',
  DHCP4_LEASE_ADVERT: 'offer',
  DHCP4_LEASE_OFFER: 'offer',
  DHCP6_LEASE_ADVERT: 'offer',
  DHCP4_RELEASE: 'release',
  DHCP4_RELEASE_DELETED: 'release',
  DHCP4_RELEASE_EXPIRED: 'release',
  DHCP6_RELEASE_NA: 'release',
  DHCP6_RELEASE_NA_DELETED: 'release',
  DHCP6_RELEASE_NA_EXPIRED: 'release',
  DHCP4_DECLINE_LEASE: 'decline',
  DHCP6_DECLINE_LEASE: 'decline',
  ALLOC_ENGINE_V6_LEASE_RECLAIM: 'expire',
  ALLOC_ENGINE_V4_LEASE_RECLAIM: 'expire',
};

/** Reads one message of ISC dhcpd, dnsmasq or Kea; undefined for any other text. */
export function readDhcp(text: string): DhcpMessage | undefined {
  if (text.startsWith('DHCP') || startsWithNumber(text)) return dnsmasq(text) ?? isc(text) ?? kea(text);
  if (text.includes('DHCP4_') || text.includes('DHCP6_') || text.includes('_LEASE_RECLAIM')) return kea(text);
  return iscV6(text);
}

function startsWithNumber(text: string): boolean {
  const space = text.indexOf(' ');
  return space > 0 && space <= 10 && text.startsWith('DHCP', space + 1);
}

function isc(text: string): DhcpMessage | undefined {
  const found = ISC.exec(text);
  if (found === null) return undefined;
  const [, word_ = '', first, parens, second, name, via] = found;
  // `DHCPACK to IP (MAC) via IF`: the client is in the parentheses; elsewhere the parentheses before `from` hold the server.
  const informed = word_ === 'ACK' && second === undefined && mac(parens) !== undefined;
  const client = informed ? mac(parens) : mac(second);
  // `DHCPACK of IP from SERVER` is what a client (dhclient) says.
  if (client === undefined && word_ !== 'INFORM') return undefined;
  const hostname = informed ? undefined : word(name);
  return {
    kind: informed ? 'inform_ack' : word_.toLowerCase(),
    code: `DHCP${word_}`,
    address: ip(first) ?? (word_ === 'INFORM' ? ip(second) : undefined),
    client,
    hostname: hostname === undefined || ip(hostname) !== undefined ? undefined : hostname,
    interface: interfaceOf(via),
    lease: integer(between(text, ' lease-duration ', ' ')),
    refused: via?.endsWith(':') === true && REFUSALS.some((words) => text.includes(words)) ? true : undefined,
  };
}

/** Behind `via IF: ` (server/dhcp.c). */
const REFUSALS = ['no free leases', 'unavailable', 'wrong network', 'unknown', 'ignored', 'not found'];

/** `via eth0`, `via eth0:`; through a relay it is the relay's address, which is no interface. */
function interfaceOf(via: string | undefined): string | undefined {
  const name = via?.endsWith(':') === true ? via.slice(0, -1) : via;
  return name === undefined || ip(name) !== undefined ? undefined : name;
}

function dnsmasq(text: string): DhcpMessage | undefined {
  const found = DNSMASQ.exec(text);
  if (found === null) return undefined;
  const [, word_ = '', via, address, client = '', name] = found;
  return {
    kind: word_ === 'REPLY' ? 'ack' : word_.toLowerCase(),
    code: `DHCP${word_}`,
    address: ip(address),
    client: mac(client) ?? `duid:${client.toLowerCase()}`,
    hostname: word_ === 'ACK' || word_ === 'REPLY' ? word(name) : undefined,
    interface: via,
  };
}

function wordBefore(text: string, after: string): string | undefined {
  const end = text.indexOf(after);
  return end < 0 ? undefined : text.slice(text.lastIndexOf(' ', end - 1) + 1, end);
}

/** Kea (src/bin/dhcp4/dhcp4_messages.mes): `CODE [hwtype=1 MAC], cid=[…], tid=0x…: lease IP has been allocated for N seconds`. */
function kea(text: string): DhcpMessage | undefined {
  const code = keaCode(text);
  const kind = code === undefined ? undefined : KEA_KINDS[code];
  if (code === undefined || kind === undefined) return undefined;
  const hardware = between(text, 'hwtype=', ']');
  const duid = between(text, 'duid=[', ']');
  return {
    kind,
    code,
    address: keaAddress(text),
    client:
      mac(hardware?.slice(hardware.indexOf(' ') + 1)) ??
      (duid === undefined ? undefined : `duid:${duid.toLowerCase()}`),
    lease: kind === 'ack' ? integer(wordBefore(text, ' seconds')) : undefined,
  };
}

function keaCode(text: string): string | undefined {
  for (const start of ['DHCP4_', 'DHCP6_', 'ALLOC_ENGINE_V']) {
    const at = text.indexOf(start);
    if (at >= 0) return text.slice(at, text.indexOf(' ', at) < 0 ? undefined : text.indexOf(' ', at));
  }
  return undefined;
}

function keaAddress(text: string): string | undefined {
  for (const before of [': lease for address ', ': lease ', ': address ', ' expired lease ', ', address ']) {
    const address = ip(between(text, before, ' '));
    if (address !== undefined) return address;
  }
  return undefined;
}

function iscV6(text: string): DhcpMessage | undefined {
  const found = ISC_V6.exec(text);
  if (found === null) return undefined;
  const [, word_, address, duid = '', seconds] = found;
  const kind = word_ === 'Reply' ? 'ack' : 'offer';
  return {
    kind,
    code: `${word_} NA`,
    address: ip(address),
    client: `duid:${duid.toLowerCase()}`,
    lease: integer(seconds),
  };
}
