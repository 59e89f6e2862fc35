import { z } from 'zod';
import { AllowList } from '../udp/allow-list';
import { parseListenList, type ListenAddress } from '../udp/listen-address';
import { UDP_DEFAULTS } from '../udp/udp-listener';

/** What the flow receiver is made with. */
export interface NetflowSettings {
  readonly listen: readonly ListenAddress[];
  readonly allow: AllowList;
  readonly receiveBufferBytes: number;
  readonly refusedSampleBytes: number;
}

const listen = z
  .array(z.union([z.int(), z.string()]))
  .min(1)
  .transform((entries, context): readonly ListenAddress[] => orIssue(context, entries, () => parseListenList(entries)))
  .prefault(['*:2055'])
  .describe('Where NetFlow, IPFIX and sFlow arrive; * is every IPv4 and IPv6 address');

const allow = z
  .array(z.string())
  .transform((rules, context): AllowList =>
    orIssue(context, rules, () => (rules.length === 0 ? AllowList.everyone : AllowList.parse(rules))),
  )
  .prefault([])
  .describe('Exporters that may send (addresses, networks); empty: everyone');

const receiveBuffer = z
  .union([z.int(), z.string()])
  .transform((written, context): number => orIssue(context, written, () => bytesOf(written)))
  .pipe(
    z
      .int()
      .min(65_536)
      .max(2 ** 30),
  )
  .prefault(UDP_DEFAULTS.receiveBufferBytes)
  .describe('Kernel receive buffer of each socket; net.core.rmem_max caps it');

const refusedSample = z
  .int()
  .min(0)
  .max(1500)
  .prefault(UDP_DEFAULTS.refusedSampleBytes)
  .describe('How many bytes of the latest datagram of each refused sender to show in `status`; 0 keeps none');

/** The configuration section of the flow receiver, as written and as used. */
export const netflowConfig = z
  .strictObject({ listen, allow, receive_buffer: receiveBuffer, refused_sample: refusedSample })
  .transform((written): NetflowSettings => ({
    listen: written.listen,
    allow: written.allow,
    receiveBufferBytes: written.receive_buffer,
    refusedSampleBytes: written.refused_sample,
  }));

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function bytesOf(written: string | number): number {
  const match = /^(\d{1,12}) ?(KiB|MiB|GiB|)$/.exec(String(written));
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) throw new RangeError(`"${written}" is not a size (write 16MiB)`);
  return Number(match[1]) * unit;
}

/** Runs a parser that throws; what it throws becomes a finding at this place in the configuration. */
function orIssue<T>(context: z.core.$RefinementCtx, input: unknown, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    context.issues.push({ code: 'custom', message: (error as Error).message, input });
    return z.NEVER;
  }
}
