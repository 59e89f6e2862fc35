import {
  flagsOf,
  protocolNumber,
  type SessionLine,
  type ToldCounters,
  type ToldSession,
  wholeNumber,
} from './told-session';

/*
 * Zeek's conn.log (docs.zeek.org, "conn.log"), as tab-separated text with `#fields`, or one JSON object a line; labelled variants
 * with further columns are the same. `history` has a letter for each kind of packet: capital ones of the originator.
 */

type Fields = (name: string) => string | undefined;

/** Packets by their letter in `history`, as TCP flags. */
const HISTORY: Readonly<Record<string, string>> = { S: 'S', H: 'SA', A: 'A', D: 'PA', F: 'FA', R: 'R' };

const FIELDS_LINE = '#fields\t';

/** Reads tab-separated lines; the head says in which order the columns are. */
export function zeekText(): SessionLine {
  let places = new Map<string, number>();
  return (line) => {
    if (line.startsWith(FIELDS_LINE)) {
      places = new Map(
        line
          .slice(FIELDS_LINE.length)
          .split(/[\t ]+/u)
          .map((name, i) => [name, i]),
      );
    }
    if (line.startsWith('#')) return undefined;
    const cells = line.split('\t');
    return sessionOf((name) => {
      const cell = cells[places.get(name) ?? -1];
      return cell === '-' || cell === '(empty)' ? undefined : cell;
    });
  };
}

/** Reads JSON lines. */
export function zeekJson(line: string): ToldSession | undefined {
  let object: unknown;
  try {
    object = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof object !== 'object' || object === null) return undefined;
  const values = object as Readonly<Record<string, unknown>>;
  return sessionOf((name) => {
    const value = values[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  });
}

function sessionOf(field: Fields): ToldSession | undefined {
  const start = timeOf(field('ts') ?? '');
  const protocol = protocolNumber(field('proto') ?? '');
  const [source, destination] = [field('id.orig_h'), field('id.resp_h')];
  if (start === undefined || protocol === undefined || source === undefined || destination === undefined)
    return undefined;
  const hasPorts = protocol === 6 || protocol === 17 || protocol === 132;
  const port = (name: string): number => (hasPorts ? (wholeNumber(field(name), 65_535) ?? 0) : 0);
  return {
    start,
    end: start + Math.round(1000 * (Number(field('duration') ?? 0) || 0)),
    protocol,
    source,
    destination,
    sourcePort: port('id.orig_p'),
    destinationPort: port('id.resp_p'),
    sent: countersOf(field, 'orig', protocol),
    received: countersOf(field, 'resp', protocol),
  };
}

function countersOf(field: Fields, side: 'orig' | 'resp', protocol: number): ToldCounters {
  const bytes = wholeNumber(field(`${side}_ip_bytes`)) ?? wholeNumber(field(`${side}_bytes`));
  const packets = wholeNumber(field(`${side}_pkts`));
  const history = protocol === 6 ? field('history') : undefined;
  return {
    ...(bytes !== undefined && { bytes }),
    ...(packets !== undefined && { packets }),
    ...(history !== undefined && { flags: flagsOf(sentBy(side, history)) }),
  };
}

function sentBy(side: 'orig' | 'resp', history: string): string {
  const own = history.split('').filter((letter) => (letter === letter.toUpperCase()) === (side === 'orig'));
  return own.map((letter) => HISTORY[letter.toUpperCase()] ?? '').join('');
}

/** Seconds since 1970, or ISO 8601 (`json_timestamps`): epoch ms. */
function timeOf(text: string): number | undefined {
  if (/^\d{1,11}(?:\.\d{1,9})?$/u.test(text)) return Math.floor(Number(text) * 1000);
  const time = /^\d{4}-\d\d-\d\dT/u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
