import { canonicalAddress } from '../model/address';

/** Canonical address, or DNS name in lower case; undefined for anything else, and for the addresses that name no host. */
export function hostOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 253) return undefined;
  const bare = unbracketed(text);
  const slash = bare.indexOf('/');
  const address = canonicalAddress(slash < 0 ? bare : bare.slice(0, slash));
  if (address !== undefined)
    return address === '0.0.0.0' || address === '::' || address === '255.255.255.255' ? undefined : address;
  return isName(bare) ? bare.toLowerCase() : undefined;
}

/** Canonical address; undefined for names. */
export function addressOf(text: string | undefined): string | undefined {
  const host = hostOf(text);
  return host === undefined ? undefined : canonicalAddress(host);
}

/** A DNS name: with a dot where `dotted`, so that other words are not taken for one. */
export function isName(text: string, dotted = false): boolean {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_])){0,252}$/.test(text)) return false;
  if (/^[0-9.]+$/.test(text)) return false;
  return !dotted || text.includes('.');
}

function unbracketed(text: string): string {
  return text.startsWith('[') && text.includes(']') ? text.slice(1, text.indexOf(']')) : text;
}

export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

/** `host:port`, `[2001:db8::1]:port`, `host`, `2001:db8::1`. */
export function hostPortOf(text: string): HostPort | undefined {
  const close = text.startsWith('[') ? text.indexOf(']') : -1;
  if (close < 0 && canonicalAddress(text) !== undefined) return { host: text, port: undefined };
  const colon = text.indexOf(':', Math.max(close, 0));
  const host = hostOf(colon < 0 ? text : text.slice(0, colon));
  return host === undefined ? undefined : { host, port: colon < 0 ? undefined : portOf(text.slice(colon + 1)) };
}

export interface UrlParts extends HostPort {
  readonly scheme: string;
  readonly protocol: 'tcp' | 'udp';
  readonly encrypted: 'yes' | 'no';
}

const SCHEMES: Readonly<Record<string, readonly [protocol: 'tcp' | 'udp', port: number, encrypted: 'yes' | 'no']>> = {
  http: ['tcp', 80, 'no'],
  https: ['tcp', 443, 'yes'],
  ftp: ['tcp', 21, 'no'],
  ftps: ['tcp', 990, 'yes'],
  tftp: ['udp', 69, 'no'],
  scp: ['tcp', 22, 'yes'],
  sftp: ['tcp', 22, 'yes'],
  ssh: ['tcp', 22, 'yes'],
  ldap: ['tcp', 389, 'no'],
  ldaps: ['tcp', 636, 'yes'],
  nfs: ['tcp', 2049, 'no'],
  rcp: ['tcp', 514, 'no'],
  grpc: ['tcp', 443, 'no'],
  smtp: ['tcp', 25, 'no'],
};

/** Scheme, host and port of a URL; undefined for text that is none or whose scheme is not of the network (`flash:`). */
export function urlOf(text: string | undefined): UrlParts | undefined {
  if (text === undefined) return undefined;
  const mark = text.indexOf('://');
  if (mark <= 0 || mark > 10) return undefined;
  const scheme = text.slice(0, mark).toLowerCase();
  const known = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (known === undefined) return undefined;
  let end = mark + 3;
  while (end < text.length && !'/?#\\ "\''.includes(text[end] ?? '/')) end++;
  const authority = text.slice(mark + 3, end);
  const target = hostPortOf(authority.slice(authority.lastIndexOf('@') + 1));
  if (target === undefined) return undefined;
  const [protocol, port, encrypted] = known;
  return { scheme, protocol, encrypted, host: target.host, port: target.port ?? port };
}

/** The URLs in a command or script, at most sixteen: `copy running-config https://192.0.2.1/x`. */
export function urlsIn(text: string): UrlParts[] {
  const urls: UrlParts[] = [];
  for (let mark = text.indexOf('://'); mark >= 0 && urls.length < 16; mark = text.indexOf('://', mark + 3)) {
    let begin = mark;
    while (begin > 0 && /^[A-Za-z]/.test(text[begin - 1] ?? '')) begin--;
    const url = urlOf(text.slice(begin, begin + 512));
    if (url !== undefined) urls.push(url);
  }
  return urls;
}

/** A port number of text, or of the few names that configurations write instead. */
export function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const named = Object.hasOwn(PORT_NAMES, text) ? PORT_NAMES[text] : undefined;
  if (named !== undefined) return named;
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port > 0 && port <= 65_535 ? port : undefined;
}

const PORT_NAMES: Readonly<Record<string, number>> = {
  syslog: 514,
  ldap: 389,
  ldaps: 636,
  https: 443,
  www: 80,
  http: 80,
};

/** Prefix length of a dotted mask; undefined when it is no mask. */
export function prefixOf(mask: string | undefined, wildcard = false): number | undefined {
  if (mask === undefined || canonicalAddress(mask) === undefined || mask.includes(':')) return undefined;
  let bits = 0;
  for (const part of mask.split('.')) bits = bits * 256 + Number(part);
  const value = wildcard ? 2 ** 32 - 1 - bits : bits;
  const zeros = 2 ** 32 - value;
  const length = 32 - Math.log2(zeros);
  return Number.isInteger(length) ? length : undefined;
}

/** `192.0.2.1/24` of an address and a dotted mask, or of text that has its prefix length; undefined for anything else. */
export function networkOf(address: string | undefined, mask?: string): string | undefined {
  if (address === undefined) return undefined;
  const slash = address.indexOf('/');
  const ip = canonicalAddress(slash < 0 ? address : address.slice(0, slash));
  if (ip === undefined) return undefined;
  const stated = slash < 0 ? prefixOf(mask) : lengthOf(address.slice(slash + 1));
  return stated === undefined ? ip : `${ip}/${stated}`;
}

function lengthOf(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 128 ? Number(text) : undefined;
  return prefixOf(text);
}
