import type { DeviceSettings } from '../settings';
import type { Fact, FactBase, TimeQuality } from '../model/facts';
import type { AskedNames } from './asked-names';

/** A syslog message after its header grammar: what every vendor parser starts from. Absent means the input does not say. */
export interface SyslogMessage {
  /** The whole message as text: UTF-8 where valid, else Latin-1 (`encoding` says which). Offsets below refer to this text. */
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
  /** Name of the grammar that matched: `rfc5424`, `rfc3164`, `cisco_ios`, `fortigate`, `esxi`, … */
  readonly grammar: string;
  readonly facility?: number;
  readonly severity?: number;
  /** RFC 5424 version. */
  readonly version?: number;
  /** Device time, UTC epoch ms, integer (finer digits stay in the text); the receive time for `from_receipt` and `unsynced`. */
  readonly timestamp: number;
  readonly timeQuality: TimeQuality;
  /** The zone that was applied to a time without one, or stated by the message. */
  readonly timezone?: string;
  readonly hostname?: string;
  /** Host of the outer header when a relay put one before the original. */
  readonly relayHostname?: string;
  readonly appName?: string;
  readonly procId?: string;
  readonly msgId?: string;
  /** SD-ID → parameter → value (unescaped; the last of repeated names wins). */
  readonly structuredData?: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Sender's own counters by kind: `ios`, `meta`, … */
  readonly sequence?: ReadonlyMap<string, number>;
  /** How many messages this one stands for (`last message repeated 3 times`: 3); 1 for most. */
  readonly repeat: number;
  /**
   * The message proper, behind the header, without trailing CR, LF and NUL. By source:
   *
   * - `tag[pid]: text` (3164): `text`; the tag is `appName` without path or brackets, the pid `procId`;
   * - Cisco: from `%FAC-SEV-MNEM` on (`cisco_asa` for ASA, FTD, PIX and FWSM; `cisco_nxos`; `cisco_ios` for the others),
   *   with an XR process in `appName`/`procId`;
   * - RFC 5424: the MSG part; where the structured data is none (Check Point), from its `[` on;
   * - FortiGate, SonicWall, Sophos (`key_value`): from the first key on (`date=`, `id=`, `device=`); CEF and LEEF: from `CEF:` on;
   * - PAN-OS: the CSV line;
   * - ESXi: behind the `[Originator@6876 …]` group, which is in `structuredData`; `Hostd: info hostd[12]` gives `hostd`, `12`;
   * - MikroTik: behind the topics, which are `appName` (`firewall,info`);
   * - Meraki: behind the type, which is `appName` (`flows`, `ip_flow_start`, `events`).
   *
   * A line without any header has grammar `bare`: `content` is the whole, and it is rejected when no vendor recognizes it.
   */
  readonly content: string;
}

/** What a vendor parser knows beside the message. */
export interface SyslogContext {
  /** rawSeq, observedAt, timeQuality, device and parser, ready to spread into each fact. */
  readonly base: FactBase;
  readonly receivedAt: number;
  readonly settings: DeviceSettings;
  /** Address of the sender, without port. */
  readonly peerAddress: string;
  /**
   * Tells the sender's own running number that stands in the body (PAN-OS `seqno`, SonicWall `n`, Check Point
   * `sequencenum`), so that holes become `Gap` facts. `kind` names the number space within the device: `panos_traffic`.
   */
  readonly counter?: (kind: string, value: number) => void;
  /** Names whose addresses later lines tell, see `AskedNames`. */
  readonly asked?: AskedNames;
}

/**
 * One vendor's messages. One file and one line in `registry.ts`. Stateless: what must be joined over several messages
 * (a teardown to its built) is joined by `session-join.ts` from `sessionKey`.
 */
export interface VendorParser {
  /** lower_snake_case, as in `profile:`. */
  readonly name: string;
  readonly vendor: string;
  readonly product: string;
  readonly summary: string;
  readonly stability: 'stable' | 'beta' | 'experimental';
  /** One line this parser reads, for documentation and tests; made up from the vendor's documentation. */
  readonly example: string;
  /** Whether the message is this vendor's: quick, by content alone, wrong in neither direction for known formats. */
  recognizes(message: SyslogMessage): boolean;
  /**
   * Facts of the message; empty when the message is the vendor's but carries none we keep (it stays in the journal).
   * Fields that the line does not state stay absent: a wrong value is worse than an empty one. Never throws.
   */
  parse(message: SyslogMessage, context: SyslogContext): Fact[];
}
