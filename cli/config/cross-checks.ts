import type * as Registry from '../../normalizer/syslog/registry';
import type { ConfigPath, Finding } from './faults';
import { valueAt } from './faults';
import { listenText, type ListenProtocol, parseListen } from './listen';
import { parseNetwork } from './network';
import { nearest } from './suggest';

/**
 * What no single value can say: duplicates, and keys that need each other. Works on what was written, so that these
 * faults are found together with those of the schema; what has the wrong type is passed over, the schema names it.
 */
export function crossFindings(input: unknown): Finding[] {
  return [...deviceFindings(input), ...listenerFindings(input)];
}

function deviceFindings(input: unknown): Finding[] {
  const names = new Map<string, ConfigPath>();
  const networks = new Map<string, ConfigPath>();
  return items(input, ['devices']).flatMap((path) => {
    const found: Finding[] = [];
    const name = valueAt(input, [...path, 'name']);
    if (typeof name === 'string') found.push(...duplicate(names, name, [...path, 'name'], `device "${name}"`));
    for (const at of items(input, [...path, 'addresses'])) {
      const text = valueAt(input, at);
      const network = typeof text === 'string' ? parseNetwork(text) : undefined;
      if (network === undefined || typeof network === 'string') continue;
      found.push(...duplicate(networks, network.text, at, `address ${network.text}`));
    }
    found.push(...profileFindings(valueAt(input, [...path, 'profile']), [...path, 'profile']));
    const overrides = valueAt(input, [...path, 'sampling_override']) === true;
    if (overrides && valueAt(input, [...path, 'sampling_rate']) === undefined) {
      found.push({ path: [...path, 'sampling_override'], at: 'value', message: 'needs sampling_rate' });
    }
    return found;
  });
}

/** The registry of vendors is only loaded where a profile is named: it holds every parser. */
function profileFindings(profile: unknown, path: ConfigPath): Finding[] {
  if (typeof profile !== 'string') return [];
  const { VENDORS } = require('../../normalizer/syslog/registry') as typeof Registry;
  const known = VENDORS.map(({ name }) => name);
  if (known.includes(profile)) return [];
  const near = nearest(profile, known);
  const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
  return [{ path, at: 'value', message: `there is no profile "${profile}"; ${hint}` }];
}

function listenerFindings(input: unknown): Finding[] {
  const places = new Map<string, ConfigPath>();
  const kinds: readonly [string, readonly ListenProtocol[]][] = [
    ['netflow', ['udp']],
    ['syslog', ['udp', 'tcp', 'tls']],
  ];
  return kinds.flatMap(([kind, protocols]) =>
    items(input, ['collectors', kind]).flatMap((path) => listenerFaults(input, path, protocols, places)),
  );
}

function listenerFaults(
  input: unknown,
  path: ConfigPath,
  protocols: readonly ListenProtocol[],
  places: Map<string, ConfigPath>,
): Finding[] {
  const found: Finding[] = [];
  for (const at of items(input, [...path, 'listen'])) {
    const text = valueAt(input, at);
    const addresses = typeof text === 'string' ? parseListen(text, protocols) : [];
    if (typeof addresses === 'string') continue;
    for (const address of addresses) {
      if (address.port === 0) continue;
      // TLS runs over TCP: both would want the same port.
      const socket = { ...address, protocol: address.protocol === 'udp' ? 'udp' : 'tcp' } as const;
      found.push(...duplicate(places, listenText(socket), at, listenText(address)).slice(0, 1));
    }
    if (addresses[0]?.protocol === 'tls' && valueAt(input, [...path, 'tls']) === undefined) {
      found.push({ path: at, at: 'value', message: 'tls:// needs the key tls with cert and key beside listen' });
    }
  }
  return unique(found);
}

function duplicate(seen: Map<string, ConfigPath>, key: string, path: ConfigPath, what: string): Finding[] {
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, path);
    return [];
  }
  return [{ path, at: 'value', message: `${what} is already taken at ${textOf(first)}` }];
}

function textOf(path: ConfigPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);
}

/** `*` names two sockets at one place: one finding is enough. */
function unique(found: readonly Finding[]): Finding[] {
  return found.filter((finding, i) => found.findIndex((other) => other.path === finding.path) === i);
}

function items(input: unknown, path: ConfigPath): ConfigPath[] {
  const value = valueAt(input, path);
  return Array.isArray(value) ? value.map((_, i) => path.concat(i)) : [];
}
