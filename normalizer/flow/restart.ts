import type { Stream } from './streams';

/** The uptime must fall by more than datagrams out of order could make it. */
const LEAST_FALL_MS = 60_000;
/** An uptime this near to 2^32 wraps by itself. */
const NEAR_WRAP_MS = 0x1_0000_0000 - 600_000;
/** Two processes behind one address and port would seem to restart with every datagram; that is not believed twice. */
const LEAST_INTERVAL_MS = 60_000;

/** Sees from sysUptime that an exporter has restarted: its templates, options, sequence and connection numbers begin anew (RFC 3954 section 9). */
export class RestartWatch {
  /** Takes in the uptime of a datagram (NaN: not told); returns what to say of a restart, if there was one. */
  observe(stream: Stream, uptime: number, receivedAt: number): string | undefined {
    const before = stream.lastUptime;
    if (Number.isNaN(uptime)) return undefined;
    if (Number.isNaN(before) || uptime >= before - LEAST_FALL_MS || before > NEAR_WRAP_MS) {
      stream.lastUptime = before > uptime && before <= NEAR_WRAP_MS ? before : uptime;
      return undefined;
    }
    const flapping = stream.restartedAt > 0 && Math.abs(receivedAt - stream.restartedAt) < LEAST_INTERVAL_MS;
    stream.lastUptime = uptime;
    stream.restartedAt = receivedAt;
    if (flapping) return undefined;
    return `uptime fell from ${Math.round(before / 1000)} s to ${Math.round(uptime / 1000)} s`;
  }
}
