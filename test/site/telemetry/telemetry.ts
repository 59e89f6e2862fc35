import type { Site } from '../site';
import { commandTelemetry } from './command-telemetry';
import type { Emission } from './emission';
import { flowTelemetry } from './flow-telemetry';
import { logTelemetry } from './log-telemetry';
import type { TelemetryOptions } from './options';
import { polledTelemetry } from './polled';

/** Everything that the devices of a site say, in the order in which they say it. */
export function telemetryOf(site: Site, options: TelemetryOptions = {}): Emission[] {
  const emissions = [
    ...flowTelemetry(site, options),
    ...logTelemetry(site, options),
    ...polledTelemetry(site, options),
    ...commandTelemetry(site, options),
    ...(options.more?.(site) ?? []),
  ];
  const without = options.without ?? [];
  return emissions
    .filter(({ device, stream }) => !without.some((name) => `${device} ${stream}`.includes(name)))
    .sort((a, b) => a.at - b.at);
}
