/** A session as a list of sessions tells it. Absent: not told. */
export interface ToldSession {
  /** Epoch ms. */
  readonly start: number;
  readonly end: number;
  /** IANA protocol number. */
  readonly protocol: number;
  /** Canonical or any other text form; both of one family. */
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sent: ToldCounters;
  /** Absent where the list tells one direction alone. */
  readonly received?: ToldCounters;
}

export interface ToldCounters {
  readonly bytes?: number;
  readonly packets?: number;
  /** All TCP flags of this direction, as in the TCP header. */
  readonly flags?: number;
}

/** Reads one line; undefined for one that tells no session. */
export type SessionLine = (line: string) => ToldSession | undefined;

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmp6: 58,
  'ipv6-icmp': 58,
  sctp: 132,
};

/** IANA number of a protocol by name or number; undefined for others. */
export function protocolNumber(text: string): number | undefined {
  return PROTOCOLS[text.toLowerCase()] ?? wholeNumber(text, 255);
}

/** A whole number from 0 to `most`; undefined for anything else. */
export function wholeNumber(text: string | undefined, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined || !/^\d{1,16}$/u.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}

/** `2011-08-10 09:46:59.607825`, `2011/08/10 …`, also with T: epoch ms, taken as UTC; undefined for anything else. */
export function utcTime(text: string): number | undefined {
  const match = /^(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/u.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const whole = Date.UTC(year, month - 1, day, hour, minute, second);
  return whole + Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
}

export const TCP_FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, E: 64, C: 128 };

/** TCP flags by their letters; others are passed over. */
export function flagsOf(letters: string): number {
  return letters.split('').reduce((flags, letter) => flags | (TCP_FLAGS[letter] ?? 0), 0);
}
