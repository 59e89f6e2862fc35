/** Up to where one log file of a device has been read: what its last record in the journal says. */
export interface SshLogPosition {
  /** Absolute path on the device. */
  readonly file: string;
  /** See `SshLogHeader.generation` and `head`. */
  readonly generation: string;
  readonly head: number;
  /** Bytes of the generation that are in the journal. */
  readonly offset: number;
  /** When that record was made, our clock, epoch milliseconds. */
  readonly at: number;
}
