import type { Endpoint, FactBase, SessionLog } from '../model/facts';
import { protocol } from '../syslog/grammar/values';
import { zoneOf } from '../syslog/time';
import { ACTIONS, TRAFFIC_SUBTYPES } from '../syslog/vendors/panos.data';
import { withExtra } from './decoding';
import type { TrapValues } from './trap-values';
import type { TrapContext } from './traps';
import type { ObjectName } from './built-in.data';
import { macOfOctets } from './values';

/** panTrafficTrap (PAN-TRAPS): the traffic log of PAN-OS as varbinds. Its elapsed time has no certain unit and is left out. */
export function panTraffic(values: TrapValues, { base, settings, receivedAt }: TrapContext): SessionLog {
  const subtype = values.text('panEventSubType')?.toLowerCase() ?? '';
  const vendorAction = values.text('panAction')?.toLowerCase();
  const action = TRAFFIC_SUBTYPES[subtype] ?? ACTIONS[vendorAction ?? ''] ?? 'session_update';
  return {
    ...base,
    ...generatedAt(values, settings.timezone, receivedAt),
    fact: 'session_log',
    action,
    source: endpoint(values, SOURCE),
    destination: endpoint(values, DESTINATION),
    directionSource: 'stated',
    ...optional({
      protocol: protocol(values.text('panProtocol')),
      bytes: values.counter('panTrafficBytes'),
      packets: values.counter('panTrafficPackets'),
      ruleName: values.text('panRule'),
      ruleId: values.text('panRuleUUID'),
      ingressInterface: values.text('panIngressInterface'),
      egressInterface: values.text('panEgressInterface'),
      ingressZone: values.text('panSourceZone'),
      egressZone: values.text('panDestinationZone'),
      user: values.text('panSrcUser'),
      application: values.text('panApplication'),
      sessionKey: values.integer('panSessionID')?.toString(),
      code: 'panTrafficTrap',
      reason: values.text('panTrafficSessionEndReason'),
    }),
    ...withExtra({
      'ascribe.vendor_action': vendorAction === action ? undefined : vendorAction,
      'rule.category': values.text('panTrafficCategory'),
      'panos.vsys': values.text('panVsys'),
      'panos.source_vm_uuid': values.text('panSourceUUID'),
      'panos.destination_vm_uuid': values.text('panDestinationUUID'),
      'observer.serial_number': values.text('panSerial'),
    }),
  };
}

interface Side {
  readonly ip: readonly [ObjectName, ObjectName];
  readonly port: ObjectName;
  readonly natIp: readonly [ObjectName, ObjectName];
  readonly natPort: ObjectName;
  readonly user: ObjectName;
  readonly mac: ObjectName;
}

const SOURCE: Side = {
  ip: ['panSourceInetAddr', 'panSource'],
  port: 'panSourcePort',
  natIp: ['panNatSourceInetAddr', 'panNatSource'],
  natPort: 'panNatSourcePort',
  user: 'panSrcUser',
  mac: 'panTrafficSrcMAC',
};

const DESTINATION: Side = {
  ip: ['panDestinationInetAddr', 'panDestination'],
  port: 'panDestinationPort',
  natIp: ['panNatDestinationInetAddr', 'panNatDestination'],
  natPort: 'panNatDestinationPort',
  user: 'panDstUser',
  mac: 'panTrafficDstMAC',
};

function endpoint(values: TrapValues, side: Side): Endpoint {
  const ip = values.address(...side.ip);
  const port = portOf(values.integer(side.port));
  const natIp = values.address(...side.natIp);
  const natPort = portOf(values.integer(side.natPort));
  const translated = natIp !== undefined && (natIp !== ip || (natPort !== undefined && natPort !== port));
  return optional({
    ip,
    port,
    natIp: translated ? natIp : undefined,
    natPort: translated ? natPort : undefined,
    user: values.text(side.user),
    mac: macOfCounter(values.counter(side.mac)),
  });
}

/** 0: none. */
function portOf(port: number | undefined): number | undefined {
  return port !== undefined && port > 0 && port <= 0xffff ? port : undefined;
}

/** A MAC address as a 48-bit number. */
function macOfCounter(value: bigint | undefined): string | undefined {
  if (value === undefined || value >= 1n << 48n) return undefined;
  return macOfOctets(Buffer.from(value.toString(16).padStart(12, '0'), 'hex'));
}

const STAMP = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)$/;

/** `2018/05/07 12:00:00` in the device's zone. */
function generatedAt(values: TrapValues, timezone: string | undefined, receivedAt: number): Partial<FactBase> {
  const found = STAMP.exec(values.text('panTimeGenerated') ?? values.text('panReceiveTime') ?? '');
  if (found === null) return {};
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return {};
  if (new Date(local).getUTCDate() !== day) return {};
  return { observedAt: zoneOf(timezone).toUtc(local, receivedAt), timeQuality: 'no_zone' };
}

type Present<Shape> = { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> };

function optional<Shape extends object>(shape: Shape): Present<Shape> {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Present<Shape>;
}
