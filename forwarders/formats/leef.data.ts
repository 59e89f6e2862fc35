/** ECS name → LEEF attribute (IBM QRadar, "Predefined LEEF event attributes"; names that are not predefined are ours). */
export const LEEF_KEYS: readonly (readonly [field: string, key: string])[] = [
  ['source.ip', 'src'],
  ['destination.ip', 'dst'],
  ['source.port', 'srcPort'],
  ['destination.port', 'dstPort'],
  ['network.transport', 'proto'],
  ['source.nat.ip', 'srcPostNAT'],
  ['destination.nat.ip', 'dstPostNAT'],
  ['source.nat.port', 'srcPostNATPort'],
  ['destination.nat.port', 'dstPostNATPort'],
  ['source.mac', 'srcMAC'],
  ['destination.mac', 'dstMAC'],
  ['source.bytes', 'srcBytes'],
  ['destination.bytes', 'dstBytes'],
  ['network.bytes', 'totalBytes'],
  ['source.packets', 'srcPackets'],
  ['destination.packets', 'dstPackets'],
  ['network.packets', 'totalPackets'],
  ['observer.name', 'observer'],
  ['rule.name', 'policy'],
  ['event.action', 'action'],
  ['event.outcome', 'outcome'],
  ['event.reason', 'reason'],
  ['event.start', 'sessionStart'],
  ['event.end', 'sessionEnd'],
  ['network.direction', 'direction'],
  ['network.protocol', 'service'],
  ['process.name', 'process'],
  ['process.command_line', 'command'],
  ['ascribe.session.id', 'sessionId'],
  ['ascribe.encrypted', 'encrypted'],
  ['ascribe.owner.name', 'owner'],
  ['ascribe.owner.kind', 'ownerKind'],
  ['ascribe.verdict.status', 'verdict'],
  ['ascribe.verdict.confidence', 'confidence'],
  ['ascribe.direction_source', 'directionKnownBy'],
  ['message', 'msg'],
];

/** Hardware addresses. */
export const LEEF_MACS: ReadonlySet<string> = new Set(['srcMAC', 'dstMAC']);

/** `sev` 1-10. */
export const LEEF_SEVERITIES = { info: 2, low: 4, medium: 6, high: 8, critical: 10 } as const;
