import { createHmac, timingSafeEqual } from 'node:crypto';
import { hostPattern } from './host-key';

/** What a known_hosts file says of one key of one host. */
interface Entry {
  readonly marker: '' | '@revoked';
  readonly matches: (host: string) => boolean;
  readonly type: string;
  readonly blob: string;
}

/** What is known of a host. */
export interface KnownKeys {
  /** Key blobs in base64. */
  readonly accepted: ReadonlySet<string>;
  readonly revoked: ReadonlySet<string>;
  /** Types of the accepted keys, in the order of the file. */
  readonly types: readonly string[];
}

const MOST_ENTRIES = 100_000;

/**
 * A known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): names, wildcards, negations, hashed names, `[host]:port`,
 * and `@revoked`. Lines of certificate authorities are passed over: certificates are not taken.
 */
export class KnownHosts {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** From the text of a file. Lines that cannot be read are passed over, as ssh does. */
  static parse(text: string): KnownHosts {
    const entries: Entry[] = [];
    for (const line of text.split('\n')) {
      const entry = entryOf(line);
      if (entry !== undefined && entries.length < MOST_ENTRIES) entries.push(entry);
    }
    return new KnownHosts(entries);
  }

  /** What is known of a host under the name it is configured with. */
  of(name: string, port: number): KnownKeys {
    const host = hostPattern(name, port);
    const found = this.#entries.filter(({ matches }) => matches(host));
    const accepted = found.filter(({ marker }) => marker === '');
    return {
      accepted: new Set(accepted.map(({ blob }) => blob)),
      revoked: new Set(found.filter(({ marker }) => marker === '@revoked').map(({ blob }) => blob)),
      types: [...new Set(accepted.map(({ type }) => type))],
    };
  }
}

function entryOf(line: string): Entry | undefined {
  const fields = line.trim().split(/[ \t]+/u);
  const first = fields[0] ?? '';
  if (first === '' || first.startsWith('#')) return undefined;
  const marker = first.startsWith('@') ? first : '';
  const [hosts, type, blob] = marker === '' ? fields : fields.slice(1);
  if (hosts === undefined || type === undefined || blob === undefined) return undefined;
  if (marker !== '' && marker !== '@revoked') return undefined;
  const decoded = Buffer.from(blob, 'base64');
  if (decoded.length < 8 || decoded.toString('base64') !== blob) return undefined;
  return { marker, matches: hosts.startsWith('|') ? hashed(hosts) : patterns(hosts), type, blob };
}

/** `|1|salt|hash`: HMAC-SHA1 of the host's name under the salt, both in base64. */
function hashed(written: string): (host: string) => boolean {
  const [, version, salt, hash] = written.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return () => false;
  const key = Buffer.from(salt, 'base64');
  const wanted = Buffer.from(hash, 'base64');
  return (host) => {
    const found = createHmac('sha1', key).update(host).digest();
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  };
}

/** A comma-separated list: one must match, and none that begins with `!` may. */
function patterns(written: string): (host: string) => boolean {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const pattern of written.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) unwanted.push(pattern.slice(1));
    else if (pattern !== '') wanted.push(pattern);
  }
  return (host) => wanted.some((one) => matches(one, host)) && !unwanted.some((one) => matches(one, host));
}

/** `*` is any text, `?` any one character. Goes back to the last `*` only, so the time is bounded by the product of the lengths. */
function matches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  let place = 0;
  while (place < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      retry = place;
      at += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[place])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      at = star + 1;
      retry += 1;
      place = retry;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
