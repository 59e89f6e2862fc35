/** What kind of damage a fault is. Stable: scripts may test for it. */
export type FaultCode =
  /** The record's bytes, time or origin are not what was hashed when it came. */
  | 'record_changed'
  | 'record_missing'
  | 'record_inserted'
  /** The record stands at another position than the one it was given. */
  | 'record_moved'
  /** The texts of an origin row are not those its records were hashed with. */
  | 'origin_changed'
  | 'origin_missing'
  /** Records agree with their own hashes but not with the seal: hashes were rewritten too. */
  | 'root_mismatch'
  /** The open segment is not what its head says. */
  | 'head_mismatch'
  /** Sealed according to the ledger, not retired, and its file is gone. */
  | 'segment_missing'
  /** The file bears another name than the segment in it. */
  | 'segment_renamed'
  /** A file that the chain has no place for. */
  | 'segment_unknown'
  /** SQLite cannot read the file, or not to its end. */
  | 'segment_unreadable'
  /** Sealed according to the ledger, but the file holds no (readable) seal. */
  | 'seal_missing'
  | 'signature_invalid'
  /** A seal does not name the one before it, or positions do not follow on. */
  | 'chain_broken'
  /** The ledger and the segment hold different seals. */
  | 'ledger_mismatch'
  /** A sealed segment that is not the newest has no line in the ledger. */
  | 'ledger_line_missing'
  | 'ledger_line_duplicate'
  /** A line of the ledger is no statement of ours. */
  | 'ledger_malformed'
  | 'ledger_unreadable'
  /** A checkpoint that was kept elsewhere is not of this journal's past. */
  | 'checkpoint_differs';

/** One thing that is wrong. */
export interface Fault {
  readonly code: FaultCode;
  /** Segment it is about, when it is about one. */
  readonly segment?: string;
  /** First position it is about, and the last when there are several. */
  readonly seq?: number;
  readonly lastSeq?: number;
  /** One sentence for people. */
  readonly text: string;
}

/** Result of reading a journal again. */
export interface VerifyReport {
  /** No faults. */
  readonly ok: boolean;
  readonly faults: readonly Fault[];
  /** Faults beyond those listed; the lists are bounded per segment and code. */
  readonly unlistedFaults: number;
  /** Not faults: what a crash may leave and the next start mends, and what was retired on purpose. */
  readonly notes: readonly string[];
  readonly segments: number;
  readonly retired: number;
  readonly records: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** How far a verification is. */
export interface VerifyProgress {
  readonly segment: string;
  /** Number of the segment, from 1, and how many there are. */
  readonly number: number;
  readonly segments: number;
  /** Records checked so far in all. */
  readonly records: number;
}

/** Faults listed per segment and code; the rest is counted. */
const MAX_LISTED = 100;

/** Collects faults; bounded, whatever a damaged file holds. */
export class FaultList {
  readonly faults: Fault[] = [];
  readonly notes: string[] = [];
  readonly #listed = new Map<string, number>();
  #unlisted = 0;

  get unlisted(): number {
    return this.#unlisted;
  }

  add(fault: Fault): void {
    const key = `${fault.segment ?? ''} ${fault.code}`;
    const listed = this.#listed.get(key) ?? 0;
    this.#listed.set(key, listed + 1);
    if (listed < MAX_LISTED) this.faults.push(fault);
    else this.#unlisted += 1;
  }

  note(text: string): void {
    this.notes.push(text);
  }
}
