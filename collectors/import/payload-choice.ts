import type { RawFormat } from '../contract';
import { looksLikeFlow } from './flow-framing';

/** Ports that mean flow export: the registered ones and what vendors' defaults use. */
const FLOW_PORTS: ReadonlySet<number> = new Set([2055, 2056, 4432, 4739, 6343, 9555, 9995, 9996]);
const SYSLOG_PORTS: ReadonlySet<number> = new Set([514, 1514, 5514]);

/**
 * How a UDP payload of a capture is to be read; undefined: not at all. The content decides where it is clear, the
 * destination port elsewhere, so that a broken export on port 2055 is kept and reported. `only`, when given, lets
 * nothing but these destination ports in, and of them everything.
 */
export function payloadFormat(payload: Uint8Array, port: number, only?: ReadonlySet<number>): RawFormat | undefined {
  if (only !== undefined && !only.has(port)) return undefined;
  if (looksLikeFlow(payload)) return 'flow';
  if (looksLikeSyslog(payload)) return 'syslog';
  if (SYSLOG_PORTS.has(port)) return 'syslog';
  if (FLOW_PORTS.has(port) || only !== undefined) return 'flow';
  return undefined;
}

/** Begins with a priority, `<0>` to `<191>` (RFC 5424 section 6.2.1, RFC 3164 section 4.1.1). */
export function looksLikeSyslog(payload: Uint8Array): boolean {
  if (payload[0] !== LESS_THAN) return false;
  let priority = 0;
  for (let at = 1; at <= 4; at += 1) {
    const byte = payload[at];
    if (byte === GREATER_THAN) return at > 1 && priority <= 191;
    if (byte === undefined || byte < DIGIT_0 || byte > DIGIT_9) return false;
    priority = priority * 10 + (byte - DIGIT_0);
  }
  return false;
}

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
