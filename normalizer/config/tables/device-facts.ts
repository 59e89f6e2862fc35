import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { padded } from './text';
import { mac } from '../../syslog/grammar/values';

/** Lines of `version` that name software, model and serial number, whatever the platform calls them. */
const VERSION: readonly RegExp[] = [
  /^Cisco IOS[^\n]{0,200}?,? Version ([\w.()]{1,40})/,
  /^Cisco Adaptive Security Appliance Software Version ([\w.()]{1,40})/,
  /^ {0,4}(?:NXOS: version|system: {1,8}version) ([\w.()]{1,40})/,
  /^Software image version: ([\w.-]{1,40})/,
  /^(?:Junos|JUNOS)[^\n]{0,80}?[: [](\d{1,3}\.[\w.-]{1,40})/,
  /^Version: Forti[\w-]{1,40} (v[\w.,-]{1,40})/,
  /^sw-version: ([\w.-]{1,40})/,
  /^\s{0,40}version: ([\w.]{1,40})/,
  /^Version:\s{1,20}(?:VyOS )?([\w.-]{1,60})/,
];
const MODEL: readonly RegExp[] = [
  /^cisco ([\w/-]{1,40}) \([^)\n]{1,80}\) processor/i,
  /^Hardware:\s{1,8}([\w/-]{1,40}),/,
  /^ {0,4}cisco (Nexus[\w -]{1,40}?) Chassis/i,
  /^(Arista [\w-]{1,40})/,
  /^Model: ([\w-]{1,40})/,
  /^Version: (Forti[\w-]{1,40}) v/,
  /^model: ([\w-]{1,40})/,
  /^\s{0,40}board-name: ([\w+ -]{1,40})/,
  /^Hardware model:\s{1,20}([\w .-]{1,40})/,
];
const SERIAL: readonly RegExp[] = [
  /^Processor board ID (\w{1,40})/,
  /^Serial Number: (\w{1,40})/,
  /^ {0,4}Processor Board ID (\w{1,40})/,
  /^Serial number: (\w{1,40})/,
  /^Serial-Number: (\w{1,40})/,
  /^serial: (\w{1,40})/,
  /^Hardware S\/N:\s{1,20}([\w-]{1,40})/,
];

/** The device itself. Release files of pfSense are the version alone. */
export function readVersion(table: TableReading, platform: ConfigPlatform): void {
  const first = (patterns: readonly RegExp[]): string | undefined => {
    for (const line of table.lines) {
      for (const pattern of patterns) {
        const found = pattern.exec(line)?.[1];
        if (found !== undefined) return found.trim();
      }
    }
    return undefined;
  };
  const plain = platform === 'pfsense' || platform === 'opnsense' ? table.lines[0]?.trim().slice(0, 100) : undefined;
  const version = plain ?? first(VERSION);
  if (version === undefined) return;
  table.inventory('device', 'version', table.base.device, {
    'observer.version': version,
    'observer.type': platform,
    'observer.product': first(MODEL),
    'observer.serial_number': first(SERIAL),
  });
}

/** NX-OS `show interface snmp-ifindex`: `Eth1/1  436207616 (0x1a000000)`. */
export function readInterfaceIndexes(table: TableReading): void {
  for (const line of table.lines) {
    const [, name, index] = /^([A-Za-z][\w/.-]{0,40})\s{1,80}(\d{1,10})\s{1,40}\(0x[0-9a-f]{1,8}\)/.exec(line) ?? [];
    if (name !== undefined && index !== undefined) table.inventory('interface', index, name, {});
  }
}

/** ifconfig(8) of FreeBSD: interfaces with their addresses. */
export function readInterfaces(table: TableReading): void {
  let name = '';
  let up = false;
  let hardware: string | undefined;
  let addresses: string[] = [];
  const tell = (): void => {
    if (name === '') return;
    const about = { 'ascribe.interface.addresses': addresses.join(','), 'ascribe.interface.mac': hardware };
    table.inventory('interface', name, name, { ...about, 'ascribe.interface.up': up ? 1 : 0 });
  };
  for (const line of table.lines) {
    const [, begun, flags] = /^([a-z][\w.]{0,15}): flags=[0-9a-f]{1,8}<([A-Z0-9_,]{0,200})>/.exec(line) ?? [];
    if (begun !== undefined) {
      tell();
      [name, up, hardware, addresses] = [begun, flags?.split(',').includes('UP') === true, undefined, []];
      continue;
    }
    const [, ether] = /^\s{1,8}ether ([0-9a-f:]{11,17})/.exec(line) ?? [];
    if (ether !== undefined) hardware = mac(padded(ether)) ?? hardware;
    const [, address] = /^\s{1,8}inet6? (\S{2,64})/.exec(line) ?? [];
    if (address === undefined || name === '') continue;
    addresses.push(address);
    if (up) table.own(address, name, {});
  }
  tell();
}
