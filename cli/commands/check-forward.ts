import { hostname } from 'node:os';
import { destinationSettings } from '../../forwarders/forward-config';
import { transportNamed } from '../../forwarders/registry';
import { masked } from '../../forwarders/transports/masked';
import type { LoadedConfig } from '../config/load';
import { messageOf } from '../thrown';
import { version } from '../version';
import type { Finding } from './check-online';

const PROBE_MS = 15_000;

/** Tries each destination: reaches it and asks what it answers without sending a record. */
export async function probeDestinations(
  { config, directory }: LoadedConfig,
  secret: (reference: string) => string,
): Promise<Finding[]> {
  const context = { secret, directory, hostname: hostname(), version };
  const probes = config.forward.map(destinationSettings).map(async ({ name, transport, settings }) => {
    const type = transportNamed(transport);
    const subject = `forward ${name}`;
    try {
      const message = await masked((own) => type.create(settings, own), context).probe(AbortSignal.timeout(PROBE_MS));
      return { outcome: 'success', subject, message } as const;
    } catch (error) {
      return { outcome: 'failure', subject, message: messageOf(error) } as const;
    }
  });
  return Promise.all(probes);
}
