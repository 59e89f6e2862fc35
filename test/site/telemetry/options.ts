import type { Site } from '../site';
import type { Emission } from './emission';

/** How the devices of a site are set up to tell of it, and how wrong their clocks are. */
export interface TelemetryOptions {
  /** Clock error by device: milliseconds, and parts per million. */
  readonly clocks?: Readonly<Record<string, { readonly offset?: number; readonly drift?: number }>>;
  /** One packet in how many a flow exporter looks at. */
  readonly sampling?: Readonly<Record<string, number>>;
  readonly activeTimeout?: number;
  /** How long an exporter waits for more of a session without an end of its own. */
  readonly inactiveTimeout?: number;
  /** Flow exporters that begin again then: uptime and sequence numbers start anew. */
  readonly reboots?: Readonly<Record<string, number>>;
  /** Uptime of exporters at site time 0, ms; near 2^32 it wraps. */
  readonly uptime?: number;
  /** How the firewall tells: syslog, NSEL (an ASA), both, or not at all. */
  readonly firewallLog?: 'syslog' | 'nsel' | 'both' | 'none';
  /** The core router puts the VRF into its records. */
  readonly vrfInFlows?: boolean;
  /** Period of SNMP polls and of commands over SSH. */
  readonly pollEvery?: number;
  readonly socketsEvery?: number;
  /** Pieces of telemetry that are not there at all: names of streams, such as `snmp ipNetToMediaTable`. */
  readonly without?: readonly string[];
  /** Flow export by the distributed switch of each hypervisor. */
  readonly vds?: boolean;
  /** Sessions that one exporter does not see: by device. */
  readonly unseen?: Readonly<
    Record<string, (session: { readonly id: number; readonly label: string }) => 'both' | 'up' | 'down' | 'none'>
  >;
  /** What one scenario adds. */
  readonly more?: (site: Site) => readonly Emission[];
  /** Templates are sent only this often, ms. */
  readonly templatesEvery?: number;
}
