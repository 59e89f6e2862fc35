import type { TelemetryEvent } from '../telemetry/events';

/** What a thread of the daemon says to the main thread. */
export type ThreadMessage<Stats> =
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly event: TelemetryEvent }
  | { readonly type: 'stats'; readonly stats: Stats }
  | { readonly type: 'failed'; readonly error: ThreadFailure }
  | { readonly type: 'note'; readonly note: ThreadNote };

/** What one thread has for another; the main thread passes it on. */
export type ThreadNote =
  | { readonly kind: 'facts_complete'; readonly path: string }
  /** A device told that its configuration changed: its name, and the address that told. */
  | { readonly kind: 'config_changed'; readonly device: string; readonly address: string }
  /** A person acted: devices that refused a login are tried once more. */
  | { readonly kind: 'ssh_release' };

/** An error as it survives the way between threads. */
export interface ThreadFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** What the main thread says to a thread. */
export type ThreadCommand = { readonly type: 'stop' } | { readonly type: 'note'; readonly note: ThreadNote };

/**
 * Journal positions that the stages share, in one `SharedArrayBuffer` of 64-bit cells: the stage behind waits on the
 * cell of the stage before it.
 */
export const PROGRESS_CELLS = { journal: 0, facts: 1 } as const;
export const PROGRESS_BYTES = 16;
