import { APPLICATION_PROFILES, PAYLOAD_PROFILES } from './application-profiles.data';
import type { Service } from './services';

const byName = new Map(APPLICATION_PROFILES.flatMap((profile) => profile.names.map((name) => [name, profile])));

/** The service that a device's name for an application means; `by` is `app:ssl`. Undefined where the name tells nothing. */
export function serviceOfApplication(name: string | null): Service | undefined {
  const plain = plainName(name);
  const profile = byName.get(plain);
  if (profile === undefined) return undefined;
  const { service, encrypted, tls = false } = profile;
  return { name: service, encrypted, by: `app:${plain}`, tls };
}

/** The service that the first payload bytes are; `by` is `eta:tls`. */
export function serviceOfPayload(protocol: string | null): Service | undefined {
  const profile = protocol === null ? undefined : PAYLOAD_PROFILES[protocol];
  if (profile === undefined) return undefined;
  const { service, encrypted, tls = false } = profile;
  return { name: service, encrypted, by: `eta:${protocol}`, tls };
}

/**
 * Whether the name that came later is the better one: devices name an application while it goes on (`unknown-tcp`, then
 * `ssl`). One that tells whether it is encrypted stays.
 */
export function tellsMore(later: string | null, before: string | null): boolean {
  if (later === null) return false;
  return before === null || (serviceOfApplication(before) === undefined && serviceOfApplication(later) !== undefined);
}

function plainName(name: string | null): string {
  return (name ?? '').trim().toLowerCase().split('.', 1)[0] ?? '';
}
