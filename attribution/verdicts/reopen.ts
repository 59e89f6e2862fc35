import { hexOf } from '../../store/queries/places';

/** Key of a reopened account: the address in hex, a space, the port. */
export function accountKey(address: string, port: number | null): string {
  return `${address} ${port ?? ''}`;
}

/** Address and port of such a key; undefined for a text that is none. */
export function readAccountKey(key: string): { readonly address: string; readonly port: number | null } | undefined {
  const space = key.indexOf(' ');
  if (space < 0) return undefined;
  const port = key.slice(space + 1);
  return { address: key.slice(0, space), port: port === '' ? null : Number(port) };
}

/** The address (hex) that a change of evidence names as the outside of a translation; undefined when it names none. */
export function translatedBy(relation: string, key: string): string | undefined {
  if (relation === 'account_out') return readAccountKey(key)?.address;
  if (relation !== 'nat' && relation !== 'nat-block') return undefined;
  // `TCP:203.0.113.5:4000`, `IP:203.0.113.5`, `203.0.113.5:1024-2047`, with IPv6 in brackets or alone.
  const match = OUTSIDE.exec(key);
  return hexOf(match?.[1] ?? match?.[2] ?? key.replace(/:\d+-\d+$/u, ''));
}

const OUTSIDE = /^(?:[A-Za-z0-9-]{1,12}:)?(?:\[([0-9a-fA-F:.]{2,45})\]|(\d{1,3}(?:\.\d{1,3}){3}))(?::|$)/u;
