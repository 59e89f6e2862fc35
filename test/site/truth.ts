/**
 * What really happened at the simulated site: the truth that answers are scored against. Times are site time, milliseconds
 * from the beginning. The product never sees any of this, only what the devices tell (`telemetry/`).
 */

/** Who made a session. */
export type Owner =
  | { readonly kind: 'vm'; readonly name: string; readonly uuid: string }
  | { readonly kind: 'service'; readonly host: string; readonly process: string; readonly worldId: number }
  | { readonly kind: 'device_config'; readonly device: string; readonly line: string }
  | { readonly kind: 'external'; readonly name: string };

/** A stretch of time in which something held. */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** An address that a network adapter had. */
export interface AddressSpan extends Span {
  readonly ip: string;
  readonly how: 'dhcp' | 'static' | 'slaac';
}

/** A network adapter of a VM or of a device, with its history. */
export interface Adapter {
  readonly mac: string;
  readonly network: string;
  readonly addresses: readonly AddressSpan[];
}

export type Role =
  | 'desktop'
  | 'web'
  | 'app'
  | 'db'
  | 'dns'
  | 'ntp'
  | 'mail'
  | 'repo'
  | 'backup'
  | 'monitoring'
  | 'proxy'
  | 'dhcp'
  | 'vcenter'
  | 'iot'
  | 'tenant';

export interface TrueVm {
  readonly uuid: string;
  /** By time: a VM may be renamed. */
  readonly names: readonly (Span & { readonly name: string })[];
  /** By time: a VM may move. */
  readonly placements: readonly (Span & { readonly host: string })[];
  readonly role: Role;
  readonly adapter: Adapter;
  readonly hasTools: boolean;
  /** Name the guest tells DHCP: not to be trusted. */
  readonly hostname: string;
  readonly vrf: string;
  /** Port of the distributed switch. */
  readonly dvPort: number;
  readonly vmid: number;
}

/** A process of a hypervisor. */
export interface TrueWorld {
  readonly id: number;
  readonly name: string;
  readonly path: string;
}

export interface TrueHost {
  readonly name: string;
  readonly ip: string;
  readonly mac: string;
  readonly worlds: readonly TrueWorld[];
  readonly switch: string;
  readonly switchPort: number;
}

/** A translation by the firewall. */
export interface TrueTranslation {
  readonly ip: string;
  readonly port: number;
}

/** The line of the firewall's configuration that let a session out. */
export interface TrueRule {
  readonly device: string;
  readonly acl: string;
  readonly line: number;
  readonly name: string;
  readonly id: number;
  readonly text: string;
}

export interface TrueSession {
  readonly id: number;
  /** As on the client's own wire. */
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** IANA protocol number. */
  readonly protocol: number;
  readonly vrf: string;
  readonly start: number;
  readonly end: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly packetsUp: number;
  readonly packetsDown: number;
  readonly outbound: boolean;
  readonly encrypted: boolean;
  readonly owner: Owner;
  /** Devices that the packets cross, in order from the client. */
  readonly path: readonly string[];
  readonly nat?: TrueTranslation;
  readonly rule?: TrueRule;
  /** What it is for: `browsing`, `ntp`, `backup`… */
  readonly label: string;
  /** Name of the implant whose session it is. */
  readonly implant?: string;
  /** A session of the same implant or proxy that this one relays. */
  readonly relayOf?: number;
  /** Who asked the proxy for it, where the proxy's log tells: then its owner is the client's. */
  readonly askedBy?: string;
}

/** What a telemetry record can prove about a session. */
export type Evidence =
  'flow-inside' | 'flow-outside' | 'flow-nat' | 'nat-log' | 'rule-log' | 'socket' | 'user' | 'proxy-log' | 'vds';

export function at<T extends Span>(spans: readonly T[], time: number): T | undefined {
  return spans.find(({ from, to }) => from <= time && time < to);
}

export const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
