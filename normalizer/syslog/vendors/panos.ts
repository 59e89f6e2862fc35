import type { Fact, FactBase } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase } from '../grammar/device-time';
import { count, word } from '../grammar/values';
import { authenticationEvent, configEvent, systemFacts } from './panos-event';
import { auditEvent, correlationEvent, tagEvent } from './panos-other';
import { isPanos, panosFields, panosTime, type PanosFields } from './panos-fields';
import { decryptionLog, threatLog, trafficLog } from './panos-session';
import { globalProtectFacts, hipMatchFacts, userIdFacts } from './panos-user';

/** Palo Alto Networks PAN-OS and Panorama: the CSV format with the columns of 8.1 to 11.1, and the documented CEF and LEEF templates. */
export const PANOS: VendorParser = {
  name: 'panos',
  vendor: 'Palo Alto Networks',
  product: 'PAN-OS',
  summary: 'TRAFFIC, THREAT, DECRYPTION, CONFIG, SYSTEM, GLOBALPROTECT, USERID, HIPMATCH logs as CSV, CEF or LEEF',
  stability: 'stable',
  example:
    '<14>Nov 24 02:10:00 fw1 1,2026/11/24 02:10:00,007200000000001,TRAFFIC,end,2562,2026/11/24 02:10:00,10.0.0.5,' +
    '198.51.100.7,203.0.113.9,198.51.100.7,out,,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/11/24 02:10:00,' +
    '4711,1,51000,443,61000,443,0x400053,tcp,allow,9200,1200,8000,40,2026/11/24 02:09:25,30,any,,1001,0x0,' +
    '10.0.0.0-10.255.255.255,US,,20,20,tcp-fin',
  recognizes: (message) => isPanos(message.content),
  parse: panosFacts,
};

function panosFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const fields = panosFields(message.content);
  const { time, zone } = panosTime(fields, context);
  const base = statedBase(context, time, word(fields.get('device_name')));
  tellSequence(fields, context);
  return factsOf(fields, base, context, zone);
}

function factsOf(fields: PanosFields, base: FactBase, context: SyslogContext, zone: string): Fact[] {
  switch (fields.get('type') ?? '') {
    case 'TRAFFIC':
    case 'START':
    case 'END':
      return [trafficLog(fields, base, context, zone)];
    case 'THREAT':
      return [threatLog(fields, base)];
    case 'DECRYPTION':
      return [decryptionLog(fields, base)];
    case 'CONFIG':
      return [configEvent(fields, base)];
    case 'SYSTEM':
      return systemFacts(fields, base);
    case 'GLOBALPROTECT':
      return globalProtectFacts(fields, base);
    case 'USERID':
      return userIdFacts(fields, base);
    case 'HIPMATCH':
      return hipMatchFacts(fields, base);
    case 'AUTHENTICATION':
      return [authenticationEvent(fields, base)];
    case 'AUDIT':
      return [auditEvent(fields, base)];
    case 'IPTAG':
      return [tagEvent(fields, base)];
    case 'CORRELATION':
      return [correlationEvent(fields, base)];
    default:
      return [];
  }
}

/** Each log type has a number space of its own. The numbers have 64 bits; their low 48 tell the same gaps and are exact. */
function tellSequence(fields: PanosFields, context: SyslogContext): void {
  const number = count(fields.get('seqno'));
  const type = fields.get('type');
  if (number === undefined || number === 0n || type === undefined) return;
  context.counter?.(`panos_${type.toLowerCase()}`, Number(BigInt.asUintN(48, number)));
}
