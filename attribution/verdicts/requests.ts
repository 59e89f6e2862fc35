import type { AccountReopen } from '../../store/analysis/account-store';
import type { Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';

/** How long after a request a proxy calls: names are looked up, and addresses that do not answer are tried first, ms. */
export const CALLS_WITHIN_MS = 60_000;

/** How long before a request the connection that carries it may have begun, ms: proxies keep them for the next. */
export const KEPT_MS = 600_000;

/** Longest tunnel whose line tells its end alone that is looked for, ms. */
export const LONGEST_UNTOLD_MS = 3_600_000;

/** A proxy closes a silent tunnel, and logs it, so long after its last packet, ms: Squid's `read_timeout` is 15 minutes. */
export const CLOSED_LATE_MS = 960_000;

/** How far around sessions are looked at again, ms: clocks scatter. */
const AROUND_MS = 20_000;

/** Ports on which nothing but proxies listens: Squid, SOCKS, Privoxy, Tor. Others (8080) are web servers' as well. */
export const PROXY_PORTS: ReadonlySet<number> = new Set([1080, 3128, 8118, 9050]);

/** For which sessions of the proxy a request says something new. */
export function requestReopened({ called, port, via, isTunnel, start, at }: Omit<Request, 'num'>): AccountReopen {
  const key = `${called} ${port ?? ''} ${via ?? ''}`;
  const begins = start ?? at - (isTunnel === 1 ? LONGEST_UNTOLD_MS : 0);
  const from = (isTunnel === 1 ? begins : begins - KEPT_MS) - AROUND_MS;
  const to = (isTunnel === 1 && start !== null ? Math.min(at, start + CALLS_WITHIN_MS) : at) + AROUND_MS;
  return { relation: 'request', key, from, to };
}

/** Whom a reopened request called, and the address (hex) of the proxy, where it is told. */
export function readRequestKey(key: string): { readonly called: string; readonly via: string | undefined } {
  const [called = '', , via] = key.split(' ');
  return { called, via: via === '' ? undefined : via };
}

/** The address (hex) that a session shows to be a proxy's; undefined when it shows none. */
export function proxyOf({ protocol, dst, dstPort, dstBytes }: Leg): string | undefined {
  const answers = protocol === 6 && dstPort !== null && PROXY_PORTS.has(dstPort) && (dstBytes ?? 0) > 0;
  return answers ? dst : undefined;
}
