import { type ListenAddress, parseListen } from '../../collectors/udp/listen-address';
import { endpointText } from '../../collectors/udp/peer-address';
import type * as Registry from '../../normalizer/syslog/registry';
import type { CollectorName } from '../collectors';
import type { ConfigPath, Finding } from './faults';
import { valueAt } from './faults';

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

/** Keys of each collector's section that list addresses, and the protocol they open. TLS runs over TCP. */
const LISTEN_KEYS: readonly (readonly [collector: CollectorName, key: readonly string[], socket: 'udp' | 'tcp'])[] = [
  ['netflow', ['listen'], 'udp'],
  ['syslog', ['udp'], 'udp'],
  ['syslog', ['tcp'], 'tcp'],
  ['syslog', ['tls', 'listen'], 'tcp'],
  ['snmp', ['traps', 'listen'], 'udp'],
];

function listenerFindings(input: unknown): Finding[] {
  const places = new Map<string, ConfigPath>();
  return LISTEN_KEYS.flatMap(([collector, key, socket]) =>
    items(input, ['collectors', collector])
      .flatMap((path) => items(input, [...path, ...key]))
      .flatMap((at) => taken(places, socket, valueAt(input, at), at)),
  );
}

/** `*` names two sockets at one place: one finding is enough. */
function taken(places: Map<string, ConfigPath>, socket: string, written: unknown, at: ConfigPath): Finding[] {
  if (typeof written !== 'string' && typeof written !== 'number') return [];
  let addresses: readonly ListenAddress[];
  try {
    addresses = parseListen(written);
  } catch {
    // The schema says what is wrong with it.
    return [];
  }
  return addresses
    .filter(({ port }) => port !== 0)
    .flatMap(({ address, port }) => {
      const text = `${socket}://${endpointText(address, port)}`;
      return duplicate(places, text, at, text);
    })
    .slice(0, 1);
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

function items(input: unknown, path: ConfigPath): ConfigPath[] {
  const value = valueAt(input, path);
  return Array.isArray(value) ? value.map((_, i) => path.concat(i)) : [];
}
