import type { StoredRecord } from '../../collectors/contract';
import { FlowBatch } from '../../normalizer/model/flow-batch';
import { parseHeader } from '../../normalizer/syslog/header/parse-header';
import { SyslogNormalizer } from '../../normalizer/syslog/syslog-normalizer';

/** What reading a line costs in this process, without any I/O. */
export interface ParseCost {
  /** CPU µs a line for the header grammar alone. */
  readonly header: number;
  /** CPU µs a line for header, vendor and the joining of pairs: all that the daemon's normalizer does. */
  readonly whole: number;
  /** Facts for each line, and lines that gave a reject: 1 and 0 when all is understood. */
  readonly factsPerLine: number;
  readonly rejected: number;
}

/** Reads the lines over and over for about `seconds` of CPU time each way. */
export function measureParseCost(lines: readonly Buffer[], seconds: number): ParseCost {
  const receivedAt = Date.now();
  const origin = {
    collector: 'syslog',
    source: 'tcp://127.0.0.1:514',
    peer: '192.0.2.1:514',
    format: 'syslog',
  } as const;
  const records: StoredRecord[] = lines.map((bytes, i) => ({ seq: i + 1, receivedAt, origin, bytes }));
  const normalizer = new SyslogNormalizer(() => ({}));
  let facts = 0;
  let rejected = 0;
  let read = 0;
  const sink = {
    flows: new FlowBatch(1),
    fact: ({ fact }: { fact: string }): void => {
      facts++;
      if (fact === 'rejected') rejected++;
    },
  };
  const header = cpuPerLine(records, seconds, (record) => void parseHeader(record.bytes, { receivedAt }));
  const whole = cpuPerLine(records, seconds, (record) => {
    read++;
    normalizer.normalize(record, sink);
  });
  return { header, whole, factsPerLine: facts / read, rejected };
}

/** The first pass warms the code up and is not measured. */
function cpuPerLine(records: readonly StoredRecord[], seconds: number, read: (record: StoredRecord) => void): number {
  for (const record of records) read(record);
  const before = process.cpuUsage();
  for (let passes = 1; ; passes++) {
    for (const record of records) read(record);
    const { user, system } = process.cpuUsage(before);
    if (user + system >= seconds * 1e6) return (user + system) / (passes * records.length);
  }
}
