import type { UdpEvent } from '../../collectors/udp/udp-events';
import type { SnmpEvent } from '../../collectors/snmp/snmp-events';
import { formatBytes, formatCount } from '../output/units';
import type { EventRule } from './event-rule';

type OwnEvent = Exclude<SnmpEvent, UdpEvent>;
type SnmpRules = { readonly [Kind in OwnEvent['kind']]: EventRule<Extract<OwnEvent, { kind: Kind }>> };

const byDevice = ({ device }: { readonly device: string }): string => device;

const because = (reason: string, detail: string): string => (detail === '' ? reason : `${reason}, ${detail}`);

/** What becomes of the events of the SNMP poller and the trap receiver. */
export const SNMP_RULES: SnmpRules = {
  snmp_device_silent: {
    level: 'warn',
    message: ({ device, reason, detail }) => `${device} does not answer SNMP: ${because(reason, detail)}`,
    subject: byDevice,
    counter: 'ascribe_snmp_devices_silent_total',
    alarm: { name: 'snmp_device_silent', state: 'raised' },
  },
  snmp_device_answers: {
    level: 'info',
    message: ({ device, failures }) => `${device} answers SNMP again, after ${formatCount(failures)} silent visits`,
    subject: byDevice,
    alarm: { name: 'snmp_device_silent', state: 'ended' },
  },
  snmp_table_incomplete: {
    level: 'warn',
    message: ({ device, table, reason, detail, varbinds }) =>
      `${table} of ${device} was read in part, ${formatCount(varbinds)} values: ${because(reason, detail)}`,
    subject: byDevice,
    counter: 'ascribe_snmp_tables_incomplete_total',
    labels: ({ reason }) => ({ reason }),
  },
  snmp_record_dropped: {
    level: 'error',
    message: ({ device, table, bytes }) =>
      `${table} of ${device} (${formatBytes(bytes)}) was lost: the queue to the journal was full`,
    subject: byDevice,
    counter: 'ascribe_snmp_records_dropped_total',
  },
  snmp_device_unusable: {
    level: 'error',
    message: ({ device, text }) => `${device} cannot be polled: ${text}`,
    subject: byDevice,
  },
  snmp_traps_refused: {
    level: 'warn',
    message: ({ listener, address, reason, datagrams }) =>
      `${formatCount(datagrams)} notifications to ${listener} refused, the latest from ${address} (${reason})`,
    subject: ({ listener }) => listener,
    counter: 'ascribe_snmp_traps_refused_total',
    amount: ({ datagrams }) => datagrams,
    labels: ({ reason }) => ({ reason }),
  },
};
