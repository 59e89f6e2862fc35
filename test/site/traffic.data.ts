import type { Role } from './truth';

/** Who talks: a role of VMs, the hypervisors, a device, or every VM. */
export type Talker = Role | 'every' | 'esxi' | 'rt-core' | 'fw-1';

/** A habit of talking. Lengths in milliseconds, bytes as means. */
export interface Talk {
  readonly label: string;
  readonly by: readonly Talker[];
  /** Addresses, or the role of VMs that serve. */
  readonly to: readonly string[] | Role;
  readonly port: number;
  readonly protocol: 6 | 17;
  readonly encrypted: boolean;
  /** Mean pause between two sessions of one talker; with `jitter` (a fraction) it is a period. */
  readonly every: number;
  readonly jitter?: number;
  readonly length: number;
  readonly up: number;
  readonly down: number;
  /** World on a hypervisor that makes it. */
  readonly process?: string;
  /** Line of the device's configuration that makes it. */
  readonly line?: string;
}

const MINUTE = 60_000;

/** Servers outside, from the documentation networks (RFC 5737), and one content network that many use. */
export const CONTENT = Array.from({ length: 24 }, (_, i) => `203.0.113.${10 + i}`);
export const CLOUD = Array.from({ length: 12 }, (_, i) => `192.0.2.${20 + i}`);
export const CONTENT_V6 = ['2001:db8:feed::443', '2001:db8:feed::8443'];
export const VENDOR_CALL_HOME = '203.0.113.150';
export const VENDOR_LICENSING = '203.0.113.151';
export const ESXI_DEPOT = '203.0.113.160';
export const NTP_OUTSIDE = ['192.0.2.123', '192.0.2.124'];

/** Lines of configuration that make a device talk. */
export const CALL_HOME_LINE = ` destination address http https://${VENDOR_CALL_HOME}/its/service/oddce/services/DDCEService`;
export const LICENSING_LINE = `license smart url https://${VENDOR_LICENSING}/its/service`;

/**
 * The habits of an ordinary site. Periods are those of the programs' defaults: ntpd's least poll is 64 s (ntp.org, poll
 * interval), SNMP pollers ask at 60 and 300 s, call home and licensing report in intervals of hours, shortened here so that a short
 * run sees them.
 */
export const TALKS: readonly Talk[] = [
  {
    label: 'browsing',
    by: ['desktop'],
    to: CONTENT,
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 40_000,
    length: 9_000,
    up: 4_000,
    down: 60_000,
  },
  {
    label: 'browsing-quic',
    by: ['desktop'],
    to: CONTENT,
    port: 443,
    protocol: 17,
    encrypted: true,
    every: 150_000,
    length: 12_000,
    up: 5_000,
    down: 90_000,
  },
  {
    label: 'browsing-proxy',
    by: ['desktop'],
    to: 'proxy',
    port: 3128,
    protocol: 6,
    encrypted: false,
    every: 180_000,
    length: 8_000,
    up: 3_000,
    down: 40_000,
  },
  {
    label: 'proxy-out',
    by: ['proxy'],
    to: CLOUD,
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 15_000,
    length: 8_000,
    up: 3_000,
    down: 40_000,
  },
  {
    label: 'saas',
    by: ['app', 'web'],
    to: CLOUD,
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 90_000,
    length: 3_000,
    up: 2_500,
    down: 9_000,
  },
  {
    label: 'database',
    by: ['desktop', 'iot'],
    to: 'db',
    port: 1433,
    protocol: 6,
    encrypted: false,
    every: 200_000,
    length: 2_000,
    up: 1_500,
    down: 8_000,
  },
  {
    label: 'telemetry',
    by: ['iot'],
    to: ['192.0.2.77'],
    port: 8883,
    protocol: 6,
    encrypted: true,
    every: 5 * MINUTE,
    jitter: 0.02,
    length: 1_500,
    up: 1_900,
    down: 4_200,
  },
  {
    label: 'ntp-outside',
    by: ['ntp'],
    to: NTP_OUTSIDE,
    port: 123,
    protocol: 17,
    encrypted: false,
    every: 64_000,
    jitter: 0.01,
    length: 30,
    up: 76,
    down: 76,
  },
  {
    label: 'ntp',
    by: ['desktop', 'iot'],
    to: 'ntp',
    port: 123,
    protocol: 17,
    encrypted: false,
    every: 10 * MINUTE,
    jitter: 0.05,
    length: 20,
    up: 76,
    down: 76,
  },
  {
    label: 'dns',
    by: ['desktop', 'iot'],
    to: 'dns',
    port: 53,
    protocol: 17,
    encrypted: false,
    every: 60_000,
    length: 30,
    up: 80,
    down: 240,
  },
  {
    label: 'dns-over-tls',
    by: ['dns'],
    to: ['192.0.2.53'],
    port: 853,
    protocol: 6,
    encrypted: true,
    every: 30_000,
    length: 2_500,
    up: 1_800,
    down: 5_200,
  },
  {
    label: 'mail',
    by: ['mail'],
    to: ['192.0.2.25', '192.0.2.26'],
    port: 465,
    protocol: 6,
    encrypted: true,
    every: 50_000,
    length: 4_000,
    up: 40_000,
    down: 4_000,
  },
  {
    label: 'updates',
    by: ['repo'],
    to: CONTENT,
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 3 * MINUTE,
    length: 25_000,
    up: 9_000,
    down: 3_000_000,
  },
  {
    label: 'updates-inside',
    by: ['desktop', 'iot'],
    to: 'repo',
    port: 8530,
    protocol: 6,
    encrypted: false,
    every: 20 * MINUTE,
    length: 8_000,
    up: 3_000,
    down: 900_000,
  },
  {
    label: 'backup',
    by: ['backup'],
    to: ['192.0.2.200'],
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 12 * MINUTE,
    length: 240_000,
    up: 60_000_000,
    down: 300_000,
  },
  {
    label: 'snmp-poll',
    by: ['monitoring'],
    to: 'db',
    port: 161,
    protocol: 17,
    encrypted: false,
    every: MINUTE,
    jitter: 0.01,
    length: 200,
    up: 900,
    down: 4_000,
  },
  {
    label: 'vendor-support',
    by: ['vcenter'],
    to: ['203.0.113.161'],
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 7 * MINUTE,
    length: 5_000,
    up: 22_000,
    down: 6_000,
  },
  {
    label: 'host-update',
    by: ['esxi'],
    to: [ESXI_DEPOT],
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 12 * MINUTE,
    length: 150_000,
    up: 6_000,
    down: 400_000,
    process: 'esxupdate',
  },
  {
    label: 'host-ntp',
    by: ['esxi'],
    to: 'ntp',
    port: 123,
    protocol: 17,
    encrypted: false,
    every: 64_000,
    jitter: 0.02,
    length: 20,
    up: 76,
    down: 76,
    process: 'ntpd',
  },
  {
    label: 'call-home',
    by: ['rt-core'],
    to: [VENDOR_CALL_HOME],
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 10 * MINUTE,
    length: 3_000,
    up: 9_000,
    down: 6_000,
    line: CALL_HOME_LINE,
  },
  {
    label: 'licensing',
    by: ['fw-1'],
    to: [VENDOR_LICENSING],
    port: 443,
    protocol: 6,
    encrypted: true,
    every: 10 * MINUTE,
    length: 3_000,
    up: 4_000,
    down: 6_000,
    line: LICENSING_LINE,
  },
];
