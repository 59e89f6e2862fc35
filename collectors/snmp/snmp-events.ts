import type { UdpEvent } from '../udp/udp-events';
import type { IncompleteReason } from './snmp-record';
import type { TrapRefusal } from './traps/trap-refusal';

/** What poller and trap receiver report. Nothing comes per request or per datagram. */
export type SnmpEvent =
  | UdpEvent
  /** A device answered nothing in a whole visit after it had answered, or in its first one. */
  | {
      readonly kind: 'snmp_device_silent';
      readonly device: string;
      readonly reason: IncompleteReason;
      readonly detail: string;
    }
  /** A device that was silent answers again. */
  | { readonly kind: 'snmp_device_answers'; readonly device: string; readonly failures: number }
  /** The first incomplete read of a table after a complete one. */
  | {
      readonly kind: 'snmp_table_incomplete';
      readonly device: string;
      readonly table: string;
      readonly reason: IncompleteReason;
      readonly detail: string;
      readonly varbinds: number;
    }
  /** A table that was read could not be handed over: the queue stayed full. */
  | { readonly kind: 'snmp_record_dropped'; readonly device: string; readonly table: string; readonly bytes: number }
  /** A device cannot be polled as configured; the others are. */
  | { readonly kind: 'snmp_device_unusable'; readonly device: string; readonly text: string }
  /** Notifications refused since the last such event, the latest sender and its reason. */
  | {
      readonly kind: 'snmp_traps_refused';
      readonly listener: string;
      readonly address: string;
      readonly reason: TrapRefusal;
      readonly datagrams: number;
    };
