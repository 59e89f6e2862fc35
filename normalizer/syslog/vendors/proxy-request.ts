import { port } from '../grammar/values';

/** Ports of the schemes that proxies call servers by. */
const SCHEMES: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21, ws: 80, wss: 443 };

/**
 * Host and port that a client asked a proxy for: `host:port` and `[2001:db8::1]:443` of CONNECT, else those of the URL. Undefined for
 * what names no host (`error:invalid-request`, `/path`). What else stands in a URL is passed over.
 */
export function askedHost(
  method: string,
  url: string,
): { readonly host: string; readonly port: number | undefined } | undefined {
  if (method === 'CONNECT') return hostAndPort(url, undefined);
  const colon = url.indexOf('://');
  if (colon < 1 || colon > 8) return undefined;
  const scheme = url.slice(0, colon).toLowerCase();
  const usual = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  const authority = authorityOf(url, colon + 3);
  return hostAndPort(authority.slice(authority.lastIndexOf('@') + 1), usual);
}

/** What stands before the path. */
function authorityOf(url: string, from: number): string {
  const most = Math.min(url.length, from + LONGEST);
  let end = from;
  while (end < most && url[end] !== '/' && url[end] !== '?' && url[end] !== '#') end++;
  return url.slice(from, end);
}

/** Longest authority that is looked at: user, host and port. */
const LONGEST = 1024;

function hostAndPort(text: string, usual: number | undefined) {
  const close = text.startsWith('[') ? text.indexOf(']') : -1;
  const colon = text.indexOf(':', Math.max(0, close));
  const host = close > 0 ? text.slice(1, close) : colon < 0 ? text : text.slice(0, colon);
  if (host === '' || host.length > 255 || host.includes(' ')) return undefined;
  const stated = colon < 0 ? undefined : port(text.slice(colon + 1));
  return { host, port: stated ?? usual };
}
