import type { SnmpEvent } from '../../collectors/snmp/snmp-events';
import type { SshEvent } from '../../collectors/ssh/ssh-events';
import type { SyslogStreamEvent } from '../../collectors/syslog/stream-events';
import type { UdpEvent } from '../../collectors/udp/udp-events';
import type { ForwardEvent } from '../../forwarders/forward-events';
import type { JournalEvent } from '../../store/journal/events';

/** What the daemon itself reports, beside what its parts do. */
export type DaemonEvent =
  | { readonly kind: 'daemon_started'; readonly version: string; readonly dataDirectory: string }
  | { readonly kind: 'daemon_ready'; readonly listeners: readonly string[] }
  | { readonly kind: 'daemon_stopping'; readonly reason: string }
  | { readonly kind: 'daemon_stopped'; readonly records: number }
  | { readonly kind: 'config_reloaded'; readonly file: string | undefined }
  /** A reload found faults; the configuration before it stays in force. */
  | { readonly kind: 'config_refused'; readonly faults: string }
  | { readonly kind: 'config_warning'; readonly message: string }
  /** The first record of a sender since the start. */
  | { readonly kind: 'source_seen'; readonly peer: string; readonly format: string }
  /** Input that could not be read; its bytes are in the journal. `count` since the last such event of this peer. */
  | { readonly kind: 'input_rejected'; readonly peer: string; readonly reason: string; readonly count: number }
  /** Datagrams the kernel dropped since the last such event because the receive buffer was full. */
  | { readonly kind: 'kernel_drops'; readonly listener: string; readonly datagrams: number }
  /** Records an exporter numbered that never came. */
  | { readonly kind: 'sequence_gap'; readonly peer: string; readonly missing: number }
  /** A stage fell behind the journal, or caught up again. */
  | { readonly kind: 'stage_behind'; readonly stage: string; readonly records: number; readonly seconds: number }
  | { readonly kind: 'stage_caught_up'; readonly stage: string }
  /** Too little room on the disk: facts wait in the journal until there is more. */
  | { readonly kind: 'facts_paused'; readonly directory: string }
  | { readonly kind: 'facts_resumed'; readonly directory: string }
  /** A part ended by an error; the daemon stops. */
  | { readonly kind: 'part_failed'; readonly part: string; readonly error: Error }
  /** Our own clock went backwards or leapt; times of records received around it are doubtful. */
  | { readonly kind: 'clock_jumped'; readonly milliseconds: number };

/** Everything that is worth telling while the daemon runs. A part's events are added to this union and to `rules.ts`. */
export type TelemetryEvent =
  DaemonEvent | UdpEvent | SyslogStreamEvent | SnmpEvent | SshEvent | JournalEvent | ForwardEvent;
