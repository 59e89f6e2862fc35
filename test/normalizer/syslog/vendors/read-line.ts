import type { Fact } from '../../../../normalizer/model/facts';
import { FlowBatch } from '../../../../normalizer/model/flow-batch';
import type { DeviceSettings } from '../../../../normalizer/settings';
import { SyslogNormalizer } from '../../../../normalizer/syslog/syslog-normalizer';

/** Receive time of lines in vendor tests unless they say otherwise: an hour after 2026-11-24T02:10:00Z. */
export const RECEIVED_AT = Date.UTC(2026, 10, 24, 3, 10, 0);

export interface ReadOptions {
  readonly receivedAt?: number;
  readonly settings?: DeviceSettings;
}

/** Facts of raw lines, header included, in one stream from one sender, as the daemon would derive them. */
export function factsOfLines(lines: readonly string[], options: ReadOptions = {}): Fact[] {
  const facts: Fact[] = [];
  const normalizer = new SyslogNormalizer(() => options.settings ?? {});
  const sink = { flows: new FlowBatch(1), fact: (fact: Fact) => void facts.push(fact) };
  lines.forEach((line, i) => {
    normalizer.normalize(
      {
        seq: i + 1,
        receivedAt: options.receivedAt ?? RECEIVED_AT,
        bytes: Buffer.from(line, 'utf8'),
        origin: { collector: 'syslog', source: 'udp://127.0.0.1:514', peer: '192.0.2.250:514', format: 'syslog' },
      },
      sink,
    );
  });
  return facts;
}

/** Facts of one raw line. */
export function factsOfLine(line: string, options: ReadOptions = {}): Fact[] {
  return factsOfLines([line], options);
}
