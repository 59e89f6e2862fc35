import { parseHeader } from '../../../../normalizer/syslog/header/parse-header';

/** When the lines of these tests were received, unless they say otherwise. */
export const RECEIVED_AT = Date.UTC(2026, 10, 24, 4, 0, 0);

/** A parsed header as one flat object: `time` as text, structured data and counters as plain objects, no `text`. */
export function seen(line: string | Buffer, timezone?: string, receivedAt = RECEIVED_AT): Record<string, unknown> {
  const bytes = typeof line === 'string' ? Buffer.from(line) : line;
  const {
    text: _text,
    timestamp,
    structuredData,
    sequence,
    repeat,
    ...rest
  } = parseHeader(bytes, { receivedAt, timezone });
  return {
    ...rest,
    time: new Date(timestamp).toISOString(),
    ...(repeat > 1 && { repeat }),
    ...(structuredData && {
      data: Object.fromEntries([...structuredData].map(([id, values]) => [id, Object.fromEntries(values)])),
    }),
    ...(sequence && { sequence: Object.fromEntries(sequence) }),
  };
}
