/** Findings as `ascribe.db` keeps them. Times in epoch ms UTC, addresses as upper-case hex of 4 or 16 bytes. */

export type SubjectKind = 'vm' | 'service' | 'device_config' | 'external' | 'unknown' | 'host' | 'device';

/** An event that analytics look at, as the facts tell it. */
export interface ChangeRecord {
  readonly num: number;
  readonly device: string;
  /** Parser that read it, which says what kind of device it is. */
  readonly parser: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly category: string;
  readonly action: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly user: string | null;
  /** Address the actor came from. */
  readonly src: string | null;
  readonly process: string | null;
  /** Secrets masked. */
  readonly command: string | null;
  readonly message: string | null;
  readonly rawSeq: number;
  /** ascribe's own visit left it. */
  readonly own: boolean;
}

/** A change before it has a number. */
export type NewChange = Omit<ChangeRecord, 'num'>;

/** Who a finding is about. */
export interface Subject {
  readonly kind: SubjectKind;
  /** As in a verdict, or `device:<name>`. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
}

/** One session, event or series that an analytic matched. */
export interface MatchRecord {
  readonly analytic: string;
  readonly techniques: readonly string[];
  readonly strategy: string;
  readonly subject: Subject;
  /** With analytic and subject it names the finding. */
  readonly key: string;
  readonly severity: string;
  readonly text: string;
  readonly terms: Readonly<Record<string, string | number | boolean | null>>;
  readonly at: number;
  /** Reference of the approved change that covers it; '' when none does. */
  readonly approvedBy: string;
  /** Numbers of the events it rests on. */
  readonly changes: readonly number[];
}

/** What a match was made of: all matches of one origin are replaced together. */
export interface MatchOrigin {
  readonly kind: 'session' | 'change' | 'series' | 'client' | 'host';
  readonly num: number;
}

/** One session in a series. */
export interface SeriesSession {
  readonly session: number;
  readonly start: number;
  readonly sentBytes: number | null;
  readonly packets: number | null;
  readonly samplingRate: number;
}

/** The sessions of one owner with one destination, port and protocol. */
export interface SeriesKey {
  readonly subject: Subject;
  readonly dst: string;
  readonly dstPort: number;
  readonly protocol: number;
}
