import { formatBytes, formatDuration } from '../output/units';
import { type DestinationSettings, destinationSettings } from '../../forwarders/forward-config';
import type { ListenAddress } from '../../collectors/udp/listen-address';
import { endpointText } from '../../collectors/udp/peer-address';
import type { Config } from './schema';

/** What a configuration comes to, in a few lines: what will listen, what is kept and for how long. */
export function configSummary(config: Config, dataDirectory: string): string[] {
  const { netflow, syslog, snmp, ssh } = config.collectors;
  return [
    `data directory   ${dataDirectory}`,
    `home networks    ${config.home_networks.map(({ text }) => text).join(', ') || 'none'}`,
    `netflow          ${listening(netflow.flatMap(({ listen }) => texts('udp', listen)))}`,
    `syslog           ${listening(syslog.flatMap(({ udp, tcp, tls }) => [...texts('udp', udp), ...texts('tcp', tcp), ...texts('tls', tls?.listen ?? [])]))}`,
    `snmp             ${snmp.length === 0 ? 'off' : `${snmp.reduce((sum, { devices }) => sum + devices.length, 0)} devices polled; traps ${listening(snmp.flatMap(({ traps }) => texts('udp', traps?.listen ?? [])))}`}`,
    `ssh              ${ssh.length === 0 ? 'off' : `${ssh.reduce((sum, { devices }) => sum + devices.length, 0)} devices read`}`,
    `devices          ${config.devices.length === 0 ? 'none' : config.devices.map(({ name }) => name).join(', ')}`,
    `journal          a segment each ${formatDuration(config.journal.rotate_after)} or ${formatBytes(config.journal.rotate_bytes)}, reserve ${formatBytes(config.journal.reserve_bytes)}`,
    `forward          ${config.forward.map(destinationSettings).map(destinationText).join('; ') || 'nothing'}`,
    `kept             raw ${limits(config.retention.raw)}; facts ${limits(config.retention.facts)}`,
  ];
}

function destinationText({ name, send, format, transport }: DestinationSettings): string {
  return `${send.join(', ')} as ${format} by ${transport} to ${name}`;
}

function texts(protocol: string, listen: readonly ListenAddress[]): string[] {
  return listen.map(({ address, port }) => `${protocol}://${endpointText(address, port)}`);
}

function listening(addresses: readonly string[]): string {
  return addresses.length === 0 ? 'off' : addresses.join(' ');
}

function limits({ max_age: age, max_size: size }: Config['retention']['raw']): string {
  const parts = [
    ...(age === undefined ? [] : [formatDuration(age)]),
    ...(size === undefined ? [] : [`up to ${formatBytes(size)}`]),
  ];
  return parts.length === 0 ? 'without limit' : parts.join(', ');
}
