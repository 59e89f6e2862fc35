/** What the journal tells of itself. The daemon makes log lines, metrics and alarms from these. */
export type JournalEvent =
  | { readonly kind: 'segment_opened'; readonly segment: string; readonly firstSeq: number }
  /** The seal is durable in the segment; its ledger line follows. `durationMs` is what the sealing transaction took. */
  | { readonly kind: 'segment_sealed'; readonly segment: string; readonly count: number; readonly durationMs: number }
  | { readonly kind: 'segment_retired'; readonly segment: string; readonly reason: string }
  /** Something a crash had left half done was finished at start. */
  | { readonly kind: 'journal_recovered'; readonly segment: string; readonly what: string }
  /** A segment's records are not what its head says. It is sealed as the head says, so that `db verify` names the difference. */
  | { readonly kind: 'segment_damaged'; readonly segment: string; readonly what: string }
  /** Alarm: the disk is full; the reserve was given back to the file system and the journal goes on with it. */
  | { readonly kind: 'disk_reserve_released'; readonly bytes: number }
  /** Alarm: the disk is full and there is no reserve left; the journal takes nothing until there is space. Once per outage. */
  | { readonly kind: 'disk_full'; readonly directory: string }
  | { readonly kind: 'disk_space_back'; readonly directory: string }
  | { readonly kind: 'disk_reserve_set_up'; readonly bytes: number };
