/** What verdicts are made of, as `ascribe.db` holds it. Times in epoch ms UTC, addresses as upper-case hex of 4 or 16 bytes. */

/** An interval of a binding; see `BindingInterval` for what its four ends mean. */
export interface Held {
  readonly num: number;
  readonly series: number;
  readonly relation: string;
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  readonly destination: string;
  readonly device: string;
  readonly parser: string;
  readonly fromLo: number;
  readonly fromHi: number;
  readonly toLo: number;
  readonly toHi: number;
  readonly beginSource: string;
  readonly endSource: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly observations: number;
  /** JSON. */
  readonly extra: string | null;
}

/** The observations of a series next to a moment. */
export interface Around {
  readonly before: { readonly at: number; readonly state: 'seen' | 'begin' | 'end' } | undefined;
  readonly after: { readonly at: number; readonly state: 'seen' | 'begin' | 'end' } | undefined;
}

/** One statement of a firewall or translator about one session. */
export interface Account {
  readonly num: number;
  readonly scope: string;
  readonly device: string;
  readonly parser: string;
  readonly action: string;
  readonly protocol: number | null;
  readonly src: string | null;
  readonly srcPort: number | null;
  readonly dst: string | null;
  readonly dstPort: number | null;
  readonly natSrc: string | null;
  readonly natSrcPort: number | null;
  readonly natDst: string | null;
  readonly natDstPort: number | null;
  /** Time of the statement, by the device's clock. */
  readonly at: number;
  readonly start: number | null;
  readonly end: number | null;
  readonly ruleName: string | null;
  readonly ruleId: string | null;
  readonly user: string | null;
  readonly sessionKey: string | null;
  readonly bytes: number | null;
  readonly rawSeq: number;
  readonly receivedAt: number;
  readonly timeQuality: string;
}

/** A session as far as verdicts need it. */
export interface Leg {
  readonly num: number;
  readonly id: string;
  readonly scope: string;
  readonly protocol: number;
  readonly src: string;
  readonly srcPort: number | null;
  readonly dst: string;
  readonly dstPort: number | null;
  readonly natSrc: string | null;
  readonly natSrcPort: number | null;
  readonly natDst: string | null;
  readonly natDstPort: number | null;
  readonly start: number;
  readonly end: number;
  readonly directionSource: string;
  readonly networkDirection: string;
  readonly encrypted: string;
  readonly state: string;
  readonly sampling: string;
  readonly user: string | null;
  readonly srcBytes: number | null;
  readonly srcPackets: number | null;
  readonly dstBytes: number | null;
  readonly dstPackets: number | null;
  readonly firstSeq: number;
  readonly revision: number;
  /** Its first observer. */
  readonly exporter: string;
  /** Interface of its first observer at which the source's packets came in. */
  readonly inIf: number | null;
}

/** How far a source's clock is ahead of the reference, ms, and how far single times scatter around that. */
export interface ClockOffset {
  readonly offset: number;
  readonly residual: number;
  readonly samples: number;
}
