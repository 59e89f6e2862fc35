import { formatBytes, formatDuration } from '../output/units';
import { type ListenAddress, listenText } from './listen';
import type { Config } from './schema';

/** What a configuration comes to, in a few lines: what will listen, what is kept and for how long. */
export function configSummary(config: Config, dataDirectory: string): string[] {
  const { netflow, syslog } = config.collectors;
  return [
    `data directory   ${dataDirectory}`,
    `home networks    ${config.home_networks.map(({ text }) => text).join(', ') || 'none'}`,
    `netflow          ${addresses(netflow.flatMap(({ listen }) => listen))}`,
    `syslog           ${addresses(syslog.flatMap(({ listen }) => listen))}`,
    `devices          ${config.devices.length === 0 ? 'none' : config.devices.map(({ name }) => name).join(', ')}`,
    `journal          a segment each ${formatDuration(config.journal.rotate_after)} or ${formatBytes(config.journal.rotate_bytes)}, reserve ${formatBytes(config.journal.reserve_bytes)}`,
    `kept             raw ${limits(config.retention.raw)}; facts ${limits(config.retention.facts)}`,
  ];
}

function addresses(listen: readonly ListenAddress[]): string {
  return listen.length === 0 ? 'off' : listen.map(listenText).join(' ');
}

function limits({ max_age: age, max_size: size }: Config['retention']['raw']): string {
  const parts = [
    ...(age === undefined ? [] : [formatDuration(age)]),
    ...(size === undefined ? [] : [`up to ${formatBytes(size)}`]),
  ];
  return parts.length === 0 ? 'without limit' : parts.join(', ');
}
