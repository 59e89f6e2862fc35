/** How flow records become sessions. Times in milliseconds. */
export interface SessionRules {
  /** Addresses of the site, CIDR. */
  readonly homeNetworks: readonly string[];
  /** Scope (site, VRF) in which an exporter's addresses are meant. Must be pure. */
  readonly scopeOf: (exporter: string, vrf: number | null) => string;
  /** A pause up to this long stays within a session, by IP protocol; `other` for the rest. */
  readonly gapMs: Readonly<Record<number, number>> & { readonly other: number };
  /** A TCP record whose flags are told and hold no SYN cannot begin a connection: it continues one over this pause. */
  readonly tcpContinuationMs: number;
  /** Longest active timeout of any exporter: how late a record may come after its first packet. */
  readonly activeTimeoutMs: number;
  /** How long after its end was told a session still takes late records. */
  readonly endedMs: number;
  /** How far the clocks of two exporters may differ. */
  readonly clockSkewMs: number;
  /** Sessions that can still grow, kept in memory; the one unchanged longest is cut when there are more. */
  readonly maxLive: number;
}

/**
 * 300 s for TCP: exporters cut at 60 s to 30 min of activity (`activeTimeoutMs`), yet consecutive slices lie close
 * together; the pause between them is at most the connection's own silence. UDP: RFC 4787 REQ-5 keeps a mapping at
 * least 2 minutes, 5 recommended; QUIC idles out within 30 s by most defaults.
 */
export const DEFAULT_SESSION_RULES: SessionRules = {
  homeNetworks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  scopeOf: () => '',
  gapMs: { 6: 300_000, 17: 180_000, 1: 60_000, 58: 60_000, other: 300_000 },
  tcpContinuationMs: 3_600_000,
  activeTimeoutMs: 1_800_000,
  endedMs: 600_000,
  clockSkewMs: 120_000,
  maxLive: 200_000,
};
