import type { BlindKind, BlindSpot, GapRow } from '../../store/analysis/blind-record';

/** Losses of one source that follow each other within this time are one stretch, ms. */
const JOINED_MS = 30_000;

/** A stretch does not grow beyond this, ms. */
const LONGEST_MS = 600_000;

/** What our own receivers lost, by the parsers of what came to them. */
const RECEIVER = /^receiver_(flow|syslog|snmp)$/u;

const FLOW_PARSER = /^(?:netflow|ipfix|sflow|flow)/u;

/** What kind of telemetry a gap is a gap in. Readings that were cut short are polls; whatever a device logs can be in a lost message. */
function kindOf({ parser, kind }: GapRow): BlindKind {
  if (FLOW_PARSER.test(parser) || parser === 'receiver_flow') return 'flow';
  if (parser === 'snmp' || kind === 'incomplete_read' || kind === 'row_cap') return 'poll';
  return 'log';
}

/** The stretch that a gap fact speaks of: after the last record that came before it, to the record that shows it. */
export function spotOfGap(row: GapRow): BlindSpot {
  const { device, rawSeq, receivedAt, since, missing, unit, detail, kind } = row;
  return {
    device,
    kind: kindOf(row),
    from: Math.min(since ?? receivedAt, receivedAt),
    to: receivedAt,
    reason: RECEIVER.test(row.parser) ? 'DROPPED' : 'GAP',
    missing,
    unit: unit ?? '',
    detail: detail === null || detail === '' ? kind : `${kind}: ${detail}`,
    rawSeq,
    recordedAt: receivedAt,
  };
}

/** Both as one where the later follows at once; undefined where they are apart. */
export function joined(earlier: BlindSpot, later: BlindSpot): BlindSpot | undefined {
  if (earlier.to === null || later.to === null || earlier.unit !== later.unit) return undefined;
  if (later.to - earlier.from > LONGEST_MS) return undefined;
  if (later.from < earlier.from || later.from > earlier.to + JOINED_MS) return undefined;
  const missing =
    earlier.missing === null && later.missing === null ? null : (earlier.missing ?? 0) + (later.missing ?? 0);
  const { detail, rawSeq } = later;
  return { ...earlier, to: Math.max(earlier.to, later.to), missing, detail, rawSeq };
}
