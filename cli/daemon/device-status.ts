import type { SshThreadStats } from './ssh-thread';
import type { DeviceStatus } from '../telemetry/daemon-status';

/** The figures of devices that are read over SSH in the shape of `status`. */
export function deviceStatuses(sections: SshThreadStats): DeviceStatus[] {
  return sections.flatMap(({ devices }) =>
    devices.map((host) => ({
      device: host.device,
      protocol: 'ssh',
      state: host.state,
      lastReadAt: host.lastReadAt ?? null,
      version: host.version,
      clockOffsetMs: host.clockOffset ?? null,
      lagBytes: host.logLagBytes,
      gaps: host.logGaps,
      incomplete: host.commandsIncomplete,
      text: host.text === '' ? host.limitations.join('; ') : host.text,
    })),
  );
}
