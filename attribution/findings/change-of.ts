import type { NewChange } from '../../store/analysis/finding-record';
import type { FactRow } from '../../store/facts/facts-reader';

/** Refused logins are many and join with nothing. */
function isOfInterest(row: FactRow): boolean {
  if (row['command'] !== null) return true;
  return !(row['category'] === 'authentication' && row['outcome'] === 'failure');
}

/** An event of the facts as analytics look at it; undefined for one that none looks at. */
export function changeOf(row: FactRow): NewChange | undefined {
  if (!isOfInterest(row)) return undefined;
  const text = (name: string): string | null => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  const { src } = row;
  const observedAt = Number(row['observed_at'] ?? 0);
  return {
    device: text('device') ?? '',
    parser: text('parser') ?? '',
    at: observedAt,
    receivedAt: observedAt,
    category: text('category') ?? '',
    action: text('action') ?? '',
    outcome: text('outcome'),
    code: text('code'),
    user: text('user'),
    src: Buffer.isBuffer(src) ? src.toString('hex').toUpperCase() : null,
    process: text('process'),
    command: text('command'),
    message: text('message'),
    rawSeq: Number(row['raw_seq']),
    own: isOwn(text('extra')),
  };
}

/** Lines that ascribe's own visit left are told apart from an intruder's. */
function isOwn(extra: string | null): boolean {
  return extra !== null && /"ascribe\.own_footprint":(?!\s*(?:0|false|"no"|null))/.test(extra);
}
