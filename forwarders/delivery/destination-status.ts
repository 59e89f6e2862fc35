/** What one destination says of itself; counts since the start, times in epoch ms, 0: never. */
export interface DestinationStatus {
  readonly name: string;
  readonly transport: string;
  readonly format: string;
  /** `best_effort`: what is sent may be lost unseen. */
  readonly delivery: 'confirmed' | 'best_effort';
  /** `waiting`: tries again after a failure; `denied`: tries again, but a person must act. */
  readonly state: 'idle' | 'sending' | 'waiting' | 'denied';
  readonly sent: number;
  readonly dead: number;
  readonly filtered: number;
  readonly bytes: number;
  /** Records behind the cursor, before filters; counted up to a million for each kind. */
  readonly behind: number;
  /** Age of the oldest record that is not sent. */
  readonly lagSeconds: number;
  readonly lastSentAt: number;
  readonly lastError: string;
}
