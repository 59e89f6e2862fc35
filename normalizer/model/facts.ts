/**
 * The facts a normalizer yields besides flows (`flow-batch.ts`). Every fact names the journal record it came from and
 * keeps the device's own time apart from ours. Times are UTC epoch milliseconds; addresses are canonical text
 * (`address.ts`); counters are bigint; a field that the input does not carry is absent, never guessed.
 */

export type Fact = SessionLog | Binding | Event | Inventory | ConfigLine | Gap | Rejected;

/**
 * How far the device's time can be trusted. `ok`: year and zone stated or implied by the format; `no_year` / `no_zone`:
 * completed from the receive time / from configuration; `unsynced`: the device says that its clock is not set;
 * `skewed`: more than a day from the receive time; `from_receipt`: the input has no usable time, the receive time stands in.
 */
export type TimeQuality = 'ok' | 'no_year' | 'no_zone' | 'unsynced' | 'skewed' | 'from_receipt';

/** What every fact carries. */
export interface FactBase {
  /** Journal position of the record that says it. */
  readonly rawSeq: number;
  /** The device's own time, or the receive time where it has none (see `timeQuality`). */
  readonly observedAt: number;
  readonly timeQuality: TimeQuality;
  /** The device that says it, as configured or as it names itself; the sender's address when it does not. */
  readonly device: string;
  /** Name of the parser that made the fact: `cisco_asa`, `ipfix`, … */
  readonly parser: string;
  /** The syslog header the fact came under. */
  readonly syslog?: SyslogHeader;
}

/** What ECS keeps as `log.syslog.*`. */
export interface SyslogHeader {
  readonly facility?: number;
  readonly severity?: number;
  readonly version?: number;
  readonly hostname?: string;
  readonly appName?: string;
  readonly procId?: string;
  readonly msgId?: string;
}

/** Which side began a session, and how that is known. `unknown` leaves source and destination in the order of the input. */
export type DirectionSource = 'stated' | 'joined' | 'first_packet' | 'port' | 'unknown';

export interface Endpoint {
  readonly ip?: string;
  readonly port?: number;
  /** The translated address and port; absent when there is no translation (never a copy of `ip`/`port`). */
  readonly natIp?: string;
  readonly natPort?: number;
  /** Bytes and packets this side sent. */
  readonly bytes?: bigint;
  readonly packets?: bigint;
  readonly user?: string;
  readonly mac?: string;
  /** A name the device wrote instead of, or beside, the address. */
  readonly domain?: string;
}

/** A firewall's own account of one session, or of one decision about it. */
export interface SessionLog extends FactBase {
  readonly fact: 'session_log';
  /** `start`, `end`, `update`, `allowed`, `denied`, `nat_create`, `nat_delete`, … */
  readonly action: string;
  readonly outcome?: 'success' | 'failure' | 'unknown';
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly directionSource: DirectionSource;
  /** IANA protocol number. */
  readonly protocol?: number;
  /** Bytes and packets of both directions together. */
  readonly bytes?: bigint;
  readonly packets?: bigint;
  readonly start?: number;
  readonly end?: number;
  /** Nanoseconds, as ECS `event.duration`. */
  readonly durationNs?: bigint;
  readonly ruleName?: string;
  readonly ruleId?: string;
  readonly ingressInterface?: string;
  readonly egressInterface?: string;
  readonly ingressZone?: string;
  readonly egressZone?: string;
  readonly user?: string;
  readonly application?: string;
  /** The device's own session or connection id: what joins a teardown to its built. */
  readonly sessionKey?: string;
  /** Message id: `302013`, `RT_FLOW_SESSION_CLOSE`, … */
  readonly code?: string;
  readonly reason?: string;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** TLS facts, application protocol details and the like, under ECS names where ECS has one. */
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** The relations of a binding: key ↔ value, held at `observedAt`. */
export type BindingRelation =
  | 'ip-mac'
  | 'mac-vnic'
  | 'vnic-vm'
  | 'vm-host'
  | 'vm-role'
  | 'ip-vm'
  | 'mac-switchport'
  | 'port-neighbour'
  | 'dvport-vnic'
  | 'ip-device'
  | 'socket-process'
  | 'nat'
  | 'nat-block'
  | 'ip-dhcp'
  | 'ip-user'
  | 'ip-name'
  | 'ip-query'
  | 'rule-config'
  | 'config-endpoint';

/** One observation "key ↔ value held (or ceased) at this time". Intervals are derived from these, never stored as such. */
export interface Binding extends FactBase {
  readonly fact: 'binding';
  readonly relation: BindingRelation;
  readonly key: string;
  readonly value: string;
  /** `seen`: held at that time; `begin` / `end`: the device states the change; `expires`: held until `validUntil`. */
  readonly state: 'seen' | 'begin' | 'end';
  readonly validUntil?: number;
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** Something that happened on a device: a login, a command, a configuration change, a power operation, tampering. */
export interface Event extends FactBase {
  readonly fact: 'event';
  /** ECS `event.category` in one word: `authentication`, `configuration`, `process`, `host`, `network`, `iam`, `session`. */
  readonly category: string;
  /** What was done: `login`, `logout`, `command`, `config_change`, `interface_up`, `log_loss`, … */
  readonly action: string;
  readonly outcome?: 'success' | 'failure' | 'unknown';
  readonly code?: string;
  readonly severity?: number;
  readonly user?: string;
  /** Address the actor came from. */
  readonly sourceIp?: string;
  readonly sourcePort?: number;
  readonly process?: string;
  /** The command or configuration line, secrets masked. */
  readonly command?: string;
  readonly message?: string;
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** A thing that exists: an interface, a device, a VM, a process, a socket. The latest of a (kind, id) wins. */
export interface Inventory extends FactBase {
  readonly fact: 'inventory';
  readonly kind:
    | 'device'
    | 'host'
    | 'vm'
    | 'interface'
    | 'vrf'
    | 'application'
    | 'sampler'
    | 'process'
    | 'socket'
    | 'tunnel'
    | 'route'
    | 'rule'
    | 'switch'
    | 'port_group'
    | 'software'
    | 'account'
    | 'setting';
  /** Unique within (device, kind): ifIndex, VRF id, application id, … */
  readonly id: string;
  readonly name?: string;
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** One line of a configuration, by the version it stands in. Secrets are masked before it is made. */
export interface ConfigLine extends FactBase {
  readonly fact: 'config_line';
  readonly configVersion: string;
  readonly lineNumber: number;
  readonly text: string;
  readonly kind?: string;
}

/** Telemetry that is known to be missing. Absence is stated, not implied. */
export interface Gap extends FactBase {
  readonly fact: 'gap';
  /** `sequence` (exporter or sender counted more than came), `undecoded`, `kernel_drop`, `queue_drop`, `restart`, `device_stated`. */
  readonly kind: string;
  /** How many are missing or, of `undecoded`, were given up; absent when the number cannot be known. */
  readonly missing?: bigint;
  readonly unit?: 'packets' | 'records' | 'messages' | 'bytes' | 'sets';
  /** Receive time after which what is missing would have come; absent when that cannot be known. */
  readonly since?: number;
  readonly detail?: string;
}

/** Input that no parser could read, or only in part. The bytes stay in the journal under `rawSeq`. */
export interface Rejected extends FactBase {
  readonly fact: 'rejected';
  /** Stable code: `flow_short_header`, `flow_zero_length_set`, `syslog_no_grammar`, … */
  readonly reason: string;
  /** Byte offset in the record at which reading stopped. */
  readonly offset?: number;
  readonly detail?: string;
}
