import {
  ASA_LINES,
  FORTIGATE_LINES,
  JUNOS_LINES,
  NETFILTER_LINES,
  type FirewallLine,
  type Translated,
} from '../encoders/firewall-lines';
import { dhcpAck, hostdEvent, vmotionLines } from '../encoders/infrastructure-lines';
import type { FirewallFlavour } from '../inventory';
import type { Site } from '../site';
import type { Emission, Tell } from './emission';
import { clockOf } from './flow-telemetry';
import type { TelemetryOptions } from './options';

const FIREWALL_LINES: Readonly<Record<FirewallFlavour, readonly FirewallLine[]>> = {
  asa: ASA_LINES,
  fortigate: FORTIGATE_LINES,
  junos: JUNOS_LINES,
  netfilter: NETFILTER_LINES,
};

/** Syslog of the firewall, the DHCP server and the hypervisors. */
export function logTelemetry(site: Site, options: TelemetryOptions): Emission[] {
  return [...firewallLog(site, options), ...dhcpLog(site, options), ...hypervisorLog(site, options)];
}

function firewallLog(site: Site, options: TelemetryOptions): Emission[] {
  const how = options.firewallLog ?? 'syslog';
  if (how === 'none' || how === 'nsel') return [];
  const clock = clockOf(site, options, 'fw-1');
  const lines = FIREWALL_LINES[site.inventory.firewall];
  const emissions: Emission[] = [];
  for (const session of site.sessions) {
    if (!isTranslated(session)) continue;
    for (const { when, tells, text } of lines) {
      const at = (when === 'start' ? session.start : session.end) + 2;
      emissions.push({
        at,
        device: 'fw-1',
        from: '10.20.254.2',
        format: 'syslog',
        stream: 'syslog',
        bytes: text(session, clock.at(at)),
        tells: tells.map((what): Tell => ({ session: session.id, what })),
      });
    }
  }
  return emissions;
}

function isTranslated(session: Site['sessions'][number]): session is Translated {
  return session.nat !== undefined;
}

/** Half the lease time before it ends, a client renews (RFC 2131 section 4.4.5). */
function dhcpLog(site: Site, options: TelemetryOptions): Emission[] {
  const clock = clockOf(site, options, 'dhcp-1');
  const emissions: Emission[] = [];
  const renewal = site.inventory.dhcpLeaseMs / 2;
  for (const vm of site.inventory.vms) {
    for (const { ip, how, from, to } of vm.adapter.addresses) {
      if (how !== 'dhcp') continue;
      const first = Math.max(from, (vm.dvPort % 20) * 100);
      for (let at = first; at < Math.min(to, site.duration); at += renewal) {
        emissions.push({
          at,
          device: 'dhcp-1',
          from: '10.20.1.67',
          format: 'syslog',
          stream: 'syslog',
          bytes: dhcpAck(clock.at(at), {
            ip,
            mac: vm.adapter.mac,
            hostname: vm.hostname,
            gateway: `${ip.slice(0, ip.lastIndexOf('.'))}.1`,
          }),
          tells: [],
        });
      }
    }
  }
  return emissions;
}

/** vCenter's agent logs in again and again. */
const CHATTER_EVERY = 120_000;

/** hostd's events: logins, moves at both hosts, renames. */
function hypervisorLog(site: Site, options: TelemetryOptions): Emission[] {
  const emissions: Emission[] = [];
  const say = (host: string, at: number, bytes: readonly Buffer[]): void => {
    const from = site.inventory.hosts.find(({ name }) => name === host)?.ip ?? '';
    for (const line of bytes) {
      emissions.push({ at, device: host, from, format: 'syslog', stream: 'syslog', bytes: line, tells: [] });
    }
  };
  for (const { name } of site.inventory.hosts) {
    const clock = clockOf(site, options, name);
    for (let at = 5_000; at < site.duration; at += CHATTER_EVERY) {
      const sentence = `User vpxuser@10.20.0.10 logged in as VMware-client/8.0.3`;
      say(name, at, [hostdEvent(clock.at(at), name, sentence)]);
    }
  }
  for (const vm of site.inventory.vms) {
    vm.placements.forEach(({ host, from: moved }, i) => {
      const before = vm.placements[i - 1];
      if (before === undefined || moved < 0) return;
      const name = vm.names.findLast(({ from }) => from <= moved)?.name ?? '';
      for (const device of [before.host, host]) {
        const clock = clockOf(site, options, device);
        say(device, moved, vmotionLines(clock.at(moved), device, { name, from: before.host, to: host, uuid: vm.uuid }));
      }
    });
    vm.names.forEach(({ name, from: renamed }, i) => {
      const before = vm.names[i - 1];
      if (before === undefined || renamed < 0) return;
      const host = vm.placements.findLast(({ from }) => from <= renamed)?.host ?? '';
      const utc = clockOf(site, options, host).at(renamed);
      say(host, renamed, [
        hostdEvent(utc, host, `Renamed ${before.name} from ${before.name} to ${name} in ha-datacenter`),
      ]);
    });
  }
  return emissions;
}
