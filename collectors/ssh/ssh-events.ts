import type { SshErrorCode } from './ssh-errors';
import type { SshGapReason, SshIncompleteReason } from './ssh-record';

/** What the SSH collector reports. Nothing comes per command or per line. */
export type SshEvent =
  /** The first login after a start, a loss or a refusal. */
  | {
      readonly kind: 'ssh_connected';
      readonly device: string;
      readonly software: string;
      readonly hostKey: string;
      readonly legacyAlgorithms: boolean;
    }
  /** A device cannot be reached, or was lost, for the first time since it was read. */
  | { readonly kind: 'ssh_unavailable'; readonly device: string; readonly code: SshErrorCode; readonly text: string }
  /** A device that was unavailable is read again. */
  | { readonly kind: 'ssh_available'; readonly device: string; readonly failures: number }
  /** The device does not show the key it should: nothing was said to it. */
  | {
      readonly kind: 'ssh_host_key_refused';
      readonly device: string;
      readonly code: SshErrorCode;
      readonly text: string;
    }
  /** A login failed: nobody tries again until a person acts. */
  | { readonly kind: 'ssh_login_held'; readonly device: string; readonly code: SshErrorCode; readonly text: string }
  /** The first incomplete run of a command after a complete one. */
  | {
      readonly kind: 'ssh_command_incomplete';
      readonly device: string;
      readonly command: string;
      readonly reason: SshIncompleteReason;
      readonly exit: number | null;
      readonly text: string;
    }
  /** Lines of a log file are missing for good; the journal says so too. */
  | { readonly kind: 'ssh_log_gap'; readonly device: string; readonly file: string; readonly reason: SshGapReason }
  /** Log files grow faster than they are read, or a device was away for long; and the end of that. */
  | { readonly kind: 'ssh_log_behind'; readonly device: string; readonly bytes: number }
  | { readonly kind: 'ssh_log_caught_up'; readonly device: string }
  /** The device's clock moved against ours by more than can be drift. */
  | { readonly kind: 'ssh_clock_stepped'; readonly device: string; readonly milliseconds: number }
  /** What was read could not be handed over: the queue stayed full. */
  | { readonly kind: 'ssh_record_dropped'; readonly device: string; readonly command: string; readonly bytes: number }
  /** Something of a device cannot be read as it is; the rest is. */
  | { readonly kind: 'ssh_limitation'; readonly device: string; readonly text: string };
