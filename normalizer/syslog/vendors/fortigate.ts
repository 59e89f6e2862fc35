import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase } from '../grammar/device-time';
import { word } from '../grammar/values';
import { eventFacts } from './fortigate-event';
import { fortigateFields, fortigateTime, isFortigate } from './fortigate-fields';
import { trafficLog, utmLog } from './fortigate-traffic';

/**
 * FortiGate in its formats default, csv, cef, rfc5424 and json: traffic and UTM logs as session logs, event logs as events
 * with DHCP leases and user bindings.
 */
export const FORTIGATE: VendorParser = {
  name: 'fortigate',
  vendor: 'Fortinet',
  product: 'FortiGate',
  summary: 'FortiOS traffic, event, VPN, system and UTM logs in all syslog formats',
  stability: 'stable',
  example:
    '<189>date=2026-11-24 time=02:10:00 devname="fw1" devid="FG100F0000000001" eventtime=1795486200000000000 tz="+0000" ' +
    'logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.0.0.5 srcport=51000 ' +
    'srcintf="lan" dstip=198.51.100.7 dstport=443 dstintf="wan1" sessionid=4711 proto=6 action="close" policyid=12 ' +
    'policyname="out" trandisp="snat" transip=203.0.113.9 transport=61000 duration=30 sentbyte=1200 rcvdbyte=8000',
  recognizes: (message) => isFortigate(message.content),
  parse: fortigateFacts,
};

function fortigateFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const fields = fortigateFields(message);
  // Without a host in the header (CEF, rfc5424 behind some relays) the serial number is the best name it gives itself.
  const name = word(fields.get('devname')) ?? (message.hostname === undefined ? word(fields.get('devid')) : undefined);
  const base = statedBase(context, fortigateTime(fields, context), name);
  switch (fields.get('type') ?? '') {
    case 'traffic':
      return [trafficLog(fields, base)];
    case 'event':
      return eventFacts(fields, base);
    default:
      // `utm`; before FortiOS 5.4 each inspection was a type of its own (`ips`, `webfilter`, `anomaly`, …).
      return fields.has('srcip') ? [utmLog(fields, base)] : [];
  }
}
