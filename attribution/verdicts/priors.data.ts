/**
 * How often a statement of a class is right when it fits: its weight as a vote. Starting points are the error classes of
 * each source (stale caches, proxy ARP, forged guest data, lost teardowns); the benchmark's reliability bins check them.
 */
export const PRIORS = {
  /** A firewall's log of this very session: both ends and the translation in one line. */
  'nat-log': 0.99,
  /** A flow record that holds the ends before and after translation. */
  'nat-flow': 0.99,
  /** A translation without its destination, told with its beginning and its end. */
  'nat-binding': 0.96,
  /** A table of translations that was read at a moment. */
  'nat-table': 0.93,
  /** A block of ports given to an address. */
  'nat-block': 0.96,
  /** A fixed translation, from the configuration or a log. */
  'nat-static': 0.93,
  /** Nobody says it: the destination, the time and the counters fit one session alone. Never weighs more. */
  'nat-inference': 0.7,
  /** A proxy's log of whom it called for which client. */
  'proxy-log': 0.97,
  'ip-dhcp': 0.985,
  'ip-mac': 0.985,
  'ip-vm': 0.97,
  'ip-device': 0.99,
  'ip-user': 0.9,
  'mac-vnic': 0.995,
  'vnic-vm': 0.998,
  'vm-host': 0.97,
  /** The port's adapter sent it; behind an adapter that forwards may be others. */
  'dvport-vnic': 0.9,
  'socket-process': 0.98,
  'config-endpoint': 0.95,
} as const satisfies Record<string, number>;

export type EvidenceClass = keyof typeof PRIORS;

/**
 * How fast an observation loses weight with its distance in time, ms: after this long 1/e of its log-odds is left. It counts
 * from the nearest moment at which it surely held.
 */
export const DECAY_MS: Readonly<Partial<Record<EvidenceClass, number>>> = {
  // Half of the time for which one observation speaks at most (freshness.data.ts).
  'ip-mac': 2 * 3_600_000,
  'ip-dhcp': 12 * 3_600_000,
  'ip-vm': 3 * 3_600_000,
  'ip-device': 24 * 3_600_000,
  'ip-user': 6 * 3_600_000,
  'mac-vnic': 6 * 3_600_000,
  'vnic-vm': 12 * 3_600_000,
  'vm-host': 3 * 3_600_000,
  'dvport-vnic': 3 * 3_600_000,
  'socket-process': 120_000,
  'nat-binding': 1_800_000,
  'nat-table': 120_000,
  'nat-block': 12 * 3_600_000,
  'nat-static': 7 * 24 * 3_600_000,
  'config-endpoint': 7 * 24 * 3_600_000,
};

/** The first candidate must be ahead of the second by so much, else none is named. */
export const MARGIN = 0.25;

/** Below this weight the first candidate is not named, even without a rival. */
export const LEAST = 0.5;

/** Where a port was given away again at once, the first must have this share of all candidates: a wrong host is worse than none. */
export const REUSE_SHARE = 0.9;

/** Two clocks that nobody measured are taken to differ by no more, ms. */
export const UNMEASURED_MS = 2000;

/** How far before a flow's first packet a log of the same session may begin, beyond the clocks' residuals, ms. */
export const SAME_START_MS = 1500;
