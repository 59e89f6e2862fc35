/** A verdict as `ascribe.db` keeps it. Times in epoch ms UTC, addresses as upper-case hex of 4 or 16 bytes. */

export type VerdictStatus = 'attributed' | 'ambiguous' | 'blind';

/** `service`: a process or world on a host. `device_config`: a network device, by a line of its configuration where known. */
export type OwnerKind = 'vm' | 'service' | 'device_config' | 'external' | 'unknown';

/** Who may have begun a session. */
export interface Owner {
  readonly kind: OwnerKind;
  /** Stable over renames and moves: `vm:<uuid>`, `service:<host>/<process>`, `device:<device>/<purpose>/<endpoint>`, `address:<ip>`. */
  readonly id: string;
  /** As people call it; what its device called it then. */
  readonly name: string;
  /** Where it ran then; '' when that is not known or means nothing. */
  readonly host: string;
}

/** A candidate. Weights of one verdict and of what nobody named add up to 1. */
export interface WeightedOwner {
  readonly owner: Owner;
  readonly weight: number;
}

/** One link of the chain from the session to its owner. */
export interface VerdictStep {
  /** A binding's relation, or `flow`, `nat`, `leg`, `rule`, `home`: what kind of evidence it is. */
  readonly relation: string;
  readonly from: string;
  readonly to: string;
  /** Who says it, and the parser that read it. */
  readonly device: string;
  readonly parser: string;
  /** It held at least from and to; null where it is not known. */
  readonly validFrom: number | null;
  readonly validTo: number | null;
  /** What was subtracted from the source's times, ms. */
  readonly clockOffset: number;
  readonly confidence: number;
  /** Journal records that prove it. */
  readonly rawSeqs: readonly number[];
  /** More about it for people: agreement, age, what it rests on. */
  readonly detail: string;
}

/** The rule that let a session out, as the device that applied it names it, and the configuration line it stands in. */
export interface AppliedRule {
  readonly device: string;
  readonly name: string;
  readonly id: string;
  /** '' and 0 where the line, or who wrote it and when, is not known. */
  readonly configVersion: string;
  readonly line: number;
  readonly author: string;
  readonly committedAt: number;
  readonly text: string;
}

/** What was found of one session. */
export interface Verdict {
  readonly status: VerdictStatus;
  /** Weight of the first candidate. */
  readonly confidence: number;
  /** Heaviest first, at least one; `unknown` where nobody could be named. */
  readonly owners: readonly WeightedOwner[];
  /** Stable codes, sorted: what weakens or explains the verdict. */
  readonly reasons: readonly string[];
  readonly steps: readonly VerdictStep[];
  /** The initiator before all translations; null where it is not one address. */
  readonly source: string | null;
  readonly sourcePort: number | null;
  /** Every address the initiator may have before translation; empty when there is no translation. */
  readonly sources: readonly string[];
  /** `num` of the session that is the same communication before translation. */
  readonly legOf: number | null;
  readonly rule: AppliedRule | null;
}

/** A verdict and the session it is of. */
export interface VerdictRecord extends Verdict {
  readonly session: number;
  /** Begin of the session. */
  readonly start: number;
}
