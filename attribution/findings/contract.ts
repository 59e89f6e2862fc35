import type { ChangeRecord, Subject, SubjectKind } from '../../store/analysis/finding-record';
import type { DestinationContext } from '../destinations/destination-context';
import type { Relay } from '../relays/find-relay';
import type { RoleBook } from './role-book';
import type { Silence } from './silences';
import type { DestinationName } from '../../store/queries/names';
import type { PlaceBook } from '../destinations/place';
import type { BeaconScore } from '../beacons/beacon-score';

/**
 * An analytic looks for one thing. It is one file that exports one of these and one line in `registry.ts`, named by the id that
 * MITRE ATT&CK gives it. What it needs to know of a site are its mutable elements, in ATT&CK's own spelling.
 */
export type Analytic = SessionAnalytic | EventAnalytic | SeriesAnalytic | NameAnalytic | SilenceAnalytic;

export interface AnalyticInfo {
  /** ATT&CK analytic: `AN0403`. */
  readonly id: string;
  /** ATT&CK detection strategy: `DET0143`. */
  readonly strategy: string;
  /** ATT&CK techniques: `T1573.001`. */
  readonly techniques: readonly string[];
  readonly platform: 'ESXi' | 'Network Devices';
  readonly title: string;
  /** What it looks for, in our words, for the people who read its findings. */
  readonly text: string;
  /** What it needs to be told of an asset before "nothing found" means anything. */
  readonly needs: readonly Telemetry[];
  readonly severity: Severity;
  /** What else looks like this. */
  readonly falsePositives: string;
  readonly mutable: Readonly<Partial<Record<MutableElement, string>>>;
  /** Elements without which it looks for nothing: coverage says so. */
  readonly requires?: readonly MutableElement[];
}

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** Kinds of telemetry an analytic can need, each a data component of ATT&CK as ascribe collects it. */
export type Telemetry =
  /** DC0078 Network Traffic Flow. */
  | 'flows'
  /** DC0085 Network Traffic Content: sockets of the host itself. */
  | 'sockets'
  /** DC0038 Application Log Content: the host's own logs. */
  | 'host_logs'
  /** DC0082 Network Connection Creation: a firewall's session logs. */
  | 'session_logs'
  /** DC0064 Command Execution. */
  | 'commands'
  /** DC0061 File Modification: configurations and their versions. */
  | 'configurations'
  /** DC0067 Logon Session Creation. */
  | 'logins'
  /** DC0085 Network Traffic Content: who asked for which name. */
  | 'dns';

/** ATT&CK's mutable elements that analytics here know; a site sets them in `findings` of the configuration. */
export type MutableElement =
  | 'AllowedMgmtHosts'
  | 'ESXiAllowedPorts'
  | 'PortProfiles'
  | 'TrafficVolumeThreshold'
  | 'TrafficAsymmetryRatio'
  | 'TimeWindow'
  | 'TransferSizeThresholdMB'
  | 'SessionDurationThreshold'
  | 'DoHResolvers'
  | 'AllowedUsers'
  | 'AuthorizedAdmins'
  | 'ApprovedChangeList'
  | 'BenignDestinations'
  | 'DestinationIPBlocklist'
  | 'DomainReputationFeed'
  | 'QueryRatePerClient'
  | 'OutboundDNSVolume'
  | 'HopCount';

/** Values of the mutable elements, as the site set them or as their defaults are. Times in ms, sizes in bytes. */
export interface MutableValues {
  readonly AllowedMgmtHosts: AddressSet;
  /** Destination ports of an ESXi host's own services. */
  readonly ESXiAllowedPorts: ReadonlySet<number>;
  /** Ports besides the known ones on which encryption is expected. */
  readonly PortProfiles: ReadonlySet<number>;
  readonly TrafficVolumeThreshold: number;
  /** Bytes sent by bytes received. */
  readonly TrafficAsymmetryRatio: number;
  readonly TimeWindow: number;
  readonly TransferSizeThresholdMB: number;
  readonly SessionDurationThreshold: number;
  readonly DoHResolvers: AddressSet;
  readonly AllowedUsers: ReadonlySet<string>;
  readonly AuthorizedAdmins: ReadonlySet<string>;
  readonly ApprovedChangeList: readonly ApprovedChange[];
  /** Destinations whose rhythm is expected: NTP, monitoring, update servers. No element of ATT&CK's. */
  readonly BenignDestinations: AddressSet;
  /** Threat lists, with the lists of providers and harmless destinations beside them. */
  readonly DestinationIPBlocklist: DestinationContext;
  readonly QueryRatePerClient: number;
  readonly OutboundDNSVolume: number;
  readonly HopCount: number;
  /** Where addresses are. No element of ATT&CK's. */
  readonly places: PlaceBook;
  /** What the site's machines are. No element of ATT&CK's. */
  readonly roles: RoleBook;
}

/** Addresses and networks, looked up by upper-case hex of the address. */
export interface AddressSet {
  has(address: string): boolean;
  readonly size: number;
}

/** A change that somebody approved beforehand: what it names is no finding while it may happen. */
export interface ApprovedChange {
  readonly device: string;
  /** Part of the command, line or rule name; empty for every change. */
  readonly text: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly reference: string;
}

/** A session with its verdict, as analytics look at it. Addresses are upper-case hex, times epoch ms, counters exact enough as numbers. */
export interface SessionEvidence {
  readonly num: number;
  readonly start: number;
  readonly end: number;
  readonly protocol: number;
  readonly src: string;
  readonly srcPort: number | null;
  readonly dst: string;
  readonly dstPort: number | null;
  readonly networkDirection: string;
  readonly state: string;
  readonly encrypted: string;
  readonly encryptedBy: string;
  readonly handshakeRoom: boolean | null;
  readonly application: string | null;
  readonly payloadProtocol: string | null;
  /** Scaled up where the observer samples. */
  readonly sentBytes: number | null;
  readonly receivedBytes: number | null;
  /** `none`, `sampled` or `prescaled`. */
  readonly sampling: string;
  readonly status: string;
  readonly confidence: number;
  readonly ownerKind: SubjectKind;
  readonly owner: string;
  readonly ownerName: string;
  readonly ownerHost: string;
  readonly ruleDevice: string | null;
  readonly ruleName: string | null;
  readonly ruleId: string | null;
  readonly ruleLine: number | null;
  readonly ruleText: string | null;
  readonly ruleAuthor: string | null;
  readonly ruleCommittedAt: number | null;
}

/** What a session analytic may look up beside the session. Everything is of the same database state, so results do not depend on order. */
export interface SessionContext {
  readonly values: MutableValues;
  /** Changes on a device within [from, to], ascending. */
  readonly changes: (device: string, from: number, to: number) => readonly ChangeRecord[];
  /** Names under which the destination was known when the session began, the surest first. */
  readonly names: (session: SessionEvidence) => readonly DestinationName[];
}

/** What an analytic found in one session or event. */
export interface Match {
  /** What the finding is about, beside its owner: a destination, a rule, a command's kind. Matches with equal owner and key are one finding. */
  readonly key: string;
  /** One sentence, with the values that decided. */
  readonly text: string;
  /** Every term that decided, by name. */
  readonly terms: Readonly<Record<string, string | number | boolean>>;
  /** When it was; the session's, event's or series' own time where absent. */
  readonly at?: number;
  /** Other than the analytic's own. */
  readonly severity?: Severity;
  /** Events it rests on, besides the session. */
  readonly changes?: readonly ChangeRecord[];
  /** An approved change covers it: it is kept, and not told as a finding. */
  readonly approvedBy?: string;
}

export interface SessionAnalytic extends AnalyticInfo {
  readonly looksAt: 'session';
  /** Pure. */
  match(session: SessionEvidence, context: SessionContext): Match | undefined;
}

export interface EventAnalytic extends AnalyticInfo {
  readonly looksAt: 'event';
  /** Pure. The finding's subject is the device, or the VM that `subject` names. */
  match(event: ChangeRecord, values: MutableValues): Match | undefined;
}

/** A series with its score, as analytics look at it. */
export interface SeriesEvidence {
  readonly subject: Subject;
  readonly dst: string;
  readonly dstPort: number;
  readonly protocol: number;
  readonly score: BeaconScore;
  /** First start of the series that is known. */
  readonly firstStart: number;
  readonly lastStart: number;
  /** Owners that talk with the destination, of all owners. */
  readonly prevalence: { readonly owners: number; readonly of: number };
  /** What its sessions pass on, if anything. */
  readonly relay: Relay | undefined;
  readonly roles: ReadonlySet<string>;
}

export interface SeriesAnalytic extends AnalyticInfo {
  readonly looksAt: 'series';
  /** Pure. */
  match(series: SeriesEvidence, values: MutableValues): Match | undefined;
}

/** What one address asked for. */
export interface NameEvidence {
  /** Canonical text. */
  readonly address: string;
  /** Whose the address was, as far as its sessions say. */
  readonly subject: Subject;
  readonly names: readonly { readonly name: string; readonly first: number; readonly last: number }[];
  readonly volumes: readonly NameVolume[];
  readonly last: number;
}

/** Different names under one domain within one day. */
export interface NameVolume {
  readonly domain: string;
  readonly names: number;
  /** Characters of their first labels. */
  readonly meanLength: number;
  readonly last: number;
}

export interface NameAnalytic extends AnalyticInfo {
  readonly looksAt: 'names';
  /** Pure. */
  match(client: NameEvidence, values: MutableValues): readonly Match[];
}

/** A host that was silent while its processes opened sessions. */
export interface SilenceEvidence extends Silence {
  readonly host: string;
  /** Other hosts that were silent at the same time. */
  readonly others: number;
  /** What stopped its logging right before, if anything tells. */
  readonly stop: ChangeRecord | undefined;
}

export interface SilenceAnalytic extends AnalyticInfo {
  readonly looksAt: 'silence';
  /** Pure. */
  match(silence: SilenceEvidence, values: MutableValues): Match | undefined;
}
