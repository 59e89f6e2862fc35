import { configSchema, type Config } from '../../../cli/config/schema';
import type { Site } from '../site';

/** Address of every device that speaks, by name. */
export function speakers(site: Site): ReadonlyMap<string, string> {
  const { devices, hosts } = site.inventory;
  return new Map([
    ...devices.map(({ name, ip }) => [name, ip] as const),
    ...hosts.map(({ name, ip }) => [name, ip] as const),
    ['dhcp-1', '10.20.1.67'],
    ['proxy-1', '10.20.1.31'],
  ]);
}

/** The configuration with which ascribe watches the site; `findings`: what its people know of it. */
export function siteConfig(site: Site, findings: Readonly<Record<string, unknown>> = {}): Config {
  return configSchema.parse({
    home_networks: site.homeNetworks,
    devices: [...speakers(site)].map(([name, ip]) => ({ name, addresses: [ip] })),
    collectors: { netflow: [], syslog: [] },
    findings,
  });
}
