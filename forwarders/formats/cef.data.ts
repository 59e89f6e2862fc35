/**
 * ECS name → CEF extension key ("Implementing ArcSight Common Event Format", extension dictionary). `ipv6`: the key that
 * takes the address when it is IPv6, as the dictionary's address keys are IPv4 only.
 */
export const CEF_KEYS: readonly (readonly [field: string, key: string, ipv6?: string])[] = [
  ['event.start', 'start'],
  ['event.end', 'end'],
  ['source.ip', 'src', 'c6a2'],
  ['source.port', 'spt'],
  ['source.mac', 'smac'],
  ['source.domain', 'shost'],
  ['destination.ip', 'dst', 'c6a3'],
  ['destination.port', 'dpt'],
  ['destination.mac', 'dmac'],
  ['destination.domain', 'dhost'],
  ['source.nat.ip', 'sourceTranslatedAddress', ''],
  ['source.nat.port', 'sourceTranslatedPort'],
  ['destination.nat.ip', 'destinationTranslatedAddress', ''],
  ['destination.nat.port', 'destinationTranslatedPort'],
  ['network.transport', 'proto'],
  ['network.protocol', 'app'],
  // In the dictionary `in` is what flows from source to destination, `out` what flows back.
  ['source.bytes', 'in'],
  ['destination.bytes', 'out'],
  ['observer.name', 'dvchost'],
  ['observer.ingress.interface.name', 'deviceInboundInterface'],
  ['observer.egress.interface.name', 'deviceOutboundInterface'],
  ['process.name', 'sproc'],
  ['process.pid', 'spid'],
  ['event.action', 'act'],
  ['event.outcome', 'outcome'],
  ['event.reason', 'reason'],
  ['message', 'msg'],
  ['network.bytes', 'cn1'],
  ['source.packets', 'cn2'],
  ['destination.packets', 'cn3'],
  ['ascribe.session.id', 'cs1'],
  ['ascribe.encrypted', 'cs2'],
  ['rule.name', 'cs3'],
  ['ascribe.owner.name', 'cs4'],
  ['ascribe.verdict.status', 'cs5'],
  ['ascribe.direction_source', 'cs6'],
];

/** What a custom key holds; the address keys only when they are used. */
export const CEF_LABELS: Readonly<Record<string, string>> = {
  cn1: 'total bytes',
  cn2: 'packets from source',
  cn3: 'packets from destination',
  cs1: 'session',
  cs2: 'encrypted',
  cs3: 'rule',
  cs4: 'owner',
  cs5: 'verdict',
  cs6: 'direction known by',
  c6a2: 'Source IPv6 Address',
  c6a3: 'Destination IPv6 Address',
};

/** Times of the dictionary are epoch milliseconds. */
export const CEF_TIMES: ReadonlySet<string> = new Set(['start', 'end']);

/** Hardware addresses of the dictionary are six hex numbers between colons. */
export const CEF_MACS: ReadonlySet<string> = new Set(['smac', 'dmac']);

/** Longest value of a key in the dictionary, where it is short enough to matter. */
export const CEF_LENGTHS: Readonly<Record<string, number>> = {
  act: 63,
  app: 31,
  proto: 31,
  outcome: 63,
  msg: 1023,
  reason: 1023,
  dvchost: 100,
  shost: 1023,
  dhost: 255,
  sproc: 1023,
  suser: 1023,
  deviceInboundInterface: 128,
  deviceOutboundInterface: 128,
  cs1: 4000,
  cs2: 4000,
  cs3: 4000,
  cs4: 4000,
  cs5: 4000,
  cs6: 4000,
};

/** Severity 0-10 of the header. */
export const CEF_SEVERITIES = { info: 2, low: 4, medium: 6, high: 8, critical: 10 } as const;
