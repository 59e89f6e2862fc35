import { commandRecord, esxcliCsv, type CommandHeader } from '../encoders/command-record';
import type { Site } from '../site';
import { at as spanAt, type TrueHost, type TrueSession } from '../truth';
import { configurationsOf } from './configurations';
import type { Emission, Tell } from './emission';
import { clockOf } from './flow-telemetry';
import type { TelemetryOptions } from './options';

const SOCKETS_EVERY = 30_000;
const VMS_EVERY = 300_000;
const CONFIGURATION_AT = 20_000;
const ESXI_VERSION = '8.0.3';

/** What commands over SSH would answer: sockets and VMs of the hypervisors, configurations of router and firewall. */
export function commandTelemetry(site: Site, options: TelemetryOptions): Emission[] {
  const emissions: Emission[] = [];
  site.inventory.hosts.forEach((host, i) => {
    const own = site.sessions.filter(({ owner }) => owner.kind === 'service' && owner.host === host.name);
    for (let at = 2_000 + i * 900; at < site.duration; at += options.socketsEvery ?? SOCKETS_EVERY) {
      emissions.push(sockets(site, options, host, own, at));
    }
    for (let at = 3_000 + i * 900; at < site.duration; at += options.pollEvery ?? VMS_EVERY) {
      emissions.push(runningVms(site, options, host, at));
    }
  });
  for (const { device, from, platform, line, text } of configurationsOf(site)) {
    const times = { startedAt: site.epoch + CONFIGURATION_AT - 400, finishedAt: site.epoch + CONFIGURATION_AT };
    const header: CommandHeader = { platform, command: 'running_config', line, output: 'text', ...times };
    emissions.push(command(CONFIGURATION_AT, device, from, header, text, []));
  }
  return emissions;
}

function command(
  at: number,
  device: string,
  from: string,
  header: CommandHeader,
  body: string,
  tells: readonly Tell[],
): Emission {
  const stream = `command ${header.command}`;
  return { at, device, from, format: 'command', stream, bytes: commandRecord(header, body), tells };
}

/** `esxcli network ip connection list`: the host's own sockets, those of VMs never. */
function sockets(
  site: Site,
  options: TelemetryOptions,
  host: TrueHost,
  sessions: readonly TrueSession[],
  at: number,
): Emission {
  const open = sessions.filter(({ start, end }) => start <= at && at < end);
  const fields = [
    'CCAlgo',
    'ForeignAddress',
    'LocalAddress',
    'Proto',
    'RecvQ',
    'SendQ',
    'State',
    'WorldID',
    'WorldName',
  ];
  const [hostd] = host.worlds;
  const ntpd = host.worlds.find(({ name }) => name === 'ntpd');
  const rows: (readonly (string | number)[])[] = [
    ['newreno', '0.0.0.0:0', '0.0.0.0:443', 'tcp', 0, 0, 'LISTEN', hostd?.id ?? 0, 'rhttpproxy-work'],
    ['newreno', '127.0.0.1:8307', '127.0.0.1:52831', 'tcp', 0, 0, 'ESTABLISHED', hostd?.id ?? 0, hostd?.name ?? ''],
    ['', '0.0.0.0:0', `${host.ip}:123`, 'udp', 0, 0, '', ntpd?.id ?? 0, 'ntpd'],
    ...open.map(({ server, serverPort, client, clientPort, protocol, owner }) => {
      const [id, name] = owner.kind === 'service' ? [owner.worldId, owner.process] : [0, ''];
      const ends = [`${server}:${serverPort}`, `${client}:${clientPort}`];
      return protocol === 6
        ? ['newreno', ...ends, 'tcp', 0, 0, 'ESTABLISHED', id, name]
        : ['', ...ends, 'udp', 0, 0, '', id, name];
    }),
  ];
  const header = esxi(site, options, host, at, {
    command: 'connection_list',
    line: 'esxcli --formatter=csv network ip connection list -t all -N defaultTcpipStack',
    parameters: { netstack: 'defaultTcpipStack', formatter: 'csv' },
  });
  const tells = open.map(({ id }): Tell => ({ session: id, what: 'socket' }));
  return command(at, host.name, host.ip, header, esxcliCsv(fields, rows), tells);
}

/** `esxcli vm process list`: only VMs that run, by world. */
function runningVms(site: Site, options: TelemetryOptions, host: TrueHost, at: number): Emission {
  const fields = ['ConfigFile', 'DisplayName', 'ProcessID', 'UUID', 'VMXCartelID', 'WorldID'];
  const rows = site.inventory.vms
    .filter(({ placements }) => spanAt(placements, at)?.host === host.name)
    .map(({ uuid, names, vmid }) => {
      const hex = uuid.replaceAll('-', '').match(/../gu) ?? [];
      const spaced = `${hex.slice(0, 8).join(' ')}-${hex.slice(8).join(' ')}`;
      const name = spanAt(names, at)?.name ?? '';
      return [`/vmfs/volumes/ds-1/${uuid}/vm.vmx`, name, 0, spaced, 2_098_000 + vmid, 2_099_000 + vmid];
    });
  const header = esxi(site, options, host, at, {
    command: 'vm_process_list',
    line: 'esxcli --formatter=csv vm process list',
    parameters: { formatter: 'csv' },
  });
  return command(at, host.name, host.ip, header, esxcliCsv(fields, rows), []);
}

function esxi(
  site: Site,
  options: TelemetryOptions,
  { name }: TrueHost,
  at: number,
  what: Pick<CommandHeader, 'command' | 'line' | 'parameters'>,
): CommandHeader {
  const finishedAt = site.epoch + at;
  const clockOffset = clockOf(site, options, name).at(at) - finishedAt;
  const times = { startedAt: finishedAt - 300, finishedAt, clockOffset };
  return { platform: 'esxi', ...what, ...times, output: 'csv', version: ESXI_VERSION };
}
