/**
 * Packet filter log of pfSense and OPNsense. Source: "Raw Filter Log Format", docs.netgate.com/pfsense; FreeBSD pf(4) for
 * reasons and actions; strongSwan and OpenVPN message texts for the VPN daemons.
 */

/** Columns 0-8, the same for both IP versions. */
export const COMMON = {
  rule: 0,
  anchor: 2,
  tracker: 3,
  interface: 4,
  reason: 5,
  action: 6,
  direction: 7,
  version: 8,
} as const;

/** Where the rest stands, by IP version: number and name of the protocol, addresses, and the first protocol column. */
export const BY_VERSION: Readonly<
  Record<
    string,
    {
      readonly number: number;
      readonly name: number;
      readonly source: number;
      readonly destination: number;
      readonly detail: number;
    }
  >
> = {
  '4': { number: 15, name: 16, source: 18, destination: 19, detail: 20 },
  '6': { number: 13, name: 12, source: 15, destination: 16, detail: 17 },
};

/** pf's verdicts. */
export const ACTIONS: Readonly<Record<string, { readonly action: string; readonly outcome: 'success' | 'failure' }>> = {
  pass: { action: 'allowed', outcome: 'success' },
  block: { action: 'denied', outcome: 'failure' },
  reject: { action: 'denied', outcome: 'failure' },
  unkn: { action: 'denied', outcome: 'failure' },
  rdr: { action: 'nat_create', outcome: 'success' },
  nat: { action: 'nat_create', outcome: 'success' },
  binat: { action: 'nat_create', outcome: 'success' },
};

/** ICMP detail words as type and code. */
export const ICMP_WORDS: Readonly<Record<string, readonly [type: number, code?: number]>> = {
  request: [8, 0],
  reply: [0, 0],
  unreach: [3],
  unreachproto: [3, 2],
  unreachport: [3, 3],
  needfrag: [3, 4],
  redirect: [5],
  timexceed: [11],
  paramprob: [12],
  tstamp: [13, 0],
  tstampreply: [14, 0],
};
