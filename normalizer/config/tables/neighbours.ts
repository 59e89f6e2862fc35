import { canonicalAddress } from '../../model/address';
import { mac } from '../../syslog/grammar/values';
import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { blocksOf, fieldOf, pairsOf, wordsOf } from './text';

/** CDP in detail (IOS, NX-OS): blocks that begin with `Device ID`. */
export function readCdp(table: TableReading): void {
  for (const block of blocksOf(table.lines, (line) => line.startsWith('Device ID'))) {
    const name = fieldOf(block, 'Device ID');
    const ports = block.find((line) => line.startsWith('Interface:'));
    const port = ports === undefined ? undefined : /^Interface: *([^,\s]+)/.exec(ports)?.[1];
    const remote = ports === undefined ? undefined : /Port ID \(outgoing port\): *(\S.*)$/.exec(ports)?.[1]?.trim();
    if (name === undefined || port === undefined) {
      table.refuse(block[0] ?? '');
      continue;
    }
    const platform = block.find((line) => line.startsWith('Platform:'));
    const version = block.findIndex((line) => /^Version ?:$/.test(line.trim()));
    table.adjacent(port, name, remote, {
      'ascribe.neighbour.protocol': 'cdp',
      'ascribe.neighbour.system': fieldOf(block, 'System Name') ?? name,
      'ascribe.neighbour.port': remote,
      'ascribe.neighbour.platform':
        platform === undefined ? undefined : /^Platform: *([^,]*)/.exec(platform)?.[1]?.trim(),
      'ascribe.neighbour.description': version < 0 ? undefined : block[version + 1]?.trim(),
      'ascribe.neighbour.address': managementAddress(block) ?? firstAddress(block),
    });
  }
}

/** The address below `Management address(es)`, `Mgmt address(es)`. */
function managementAddress(block: readonly string[]): string | undefined {
  const from = block.findIndex((line) => /^(?:Management|Mgmt) address\(es\)/.test(line.trim()));
  return from < 0 ? undefined : firstAddress(block.slice(from));
}

function firstAddress(block: readonly string[]): string | undefined {
  for (const line of block) {
    const found = /^\s*(?:IPv?[46]?|IP) ?address: *(\S+)/i.exec(line)?.[1];
    const ip = found === undefined ? undefined : canonicalAddress(found);
    if (ip !== undefined) return ip;
  }
  return undefined;
}

/** LLDP: in detail on IOS, NX-OS and EOS; as a table on the others. */
export function readLldp(table: TableReading, platform: ConfigPlatform): void {
  switch (platform) {
    case 'cisco_ios':
    case 'cisco_nxos':
    case 'cisco_asa':
      ciscoLldp(table);
      return;
    case 'arista_eos':
      eosLldp(table);
      return;
    case 'mikrotik':
      routerosNeighbours(table);
      return;
    case 'juniper_junos':
    case 'fortigate':
    case 'panos':
    case 'vyos':
    case 'pfsense':
    case 'opnsense':
      lldpTable(table, platform);
  }
}

/** Blocks that begin with `Local Intf` or, where the device does not say it, `Chassis id`. */
function ciscoLldp(table: TableReading): void {
  let block: string[] = [];
  const flush = (): void => {
    if (block.length > 0) lldpBlock(table, block);
    block = [];
  };
  for (const line of table.lines) {
    const begins =
      line.startsWith('Local Intf') ||
      (line.startsWith('Chassis id') && !block.some((each) => each.startsWith('Local Intf') && block.length < 3));
    if (begins && block.length > 0) flush();
    if (begins || block.length > 0) block.push(line);
  }
  flush();
}

function lldpBlock(table: TableReading, block: readonly string[]): void {
  const port = fieldOf(block, 'Local Intf') ?? fieldOf(block, 'Local Port id');
  const chassis = fieldOf(block, 'Chassis id');
  const system = fieldOf(block, 'System Name');
  const remote = fieldOf(block, 'Port id');
  const name = system ?? identifier(chassis);
  if (port === undefined || name === undefined) {
    table.refuse(block[0] ?? '');
    return;
  }
  const description = block.findIndex((line) => line.startsWith('System Description'));
  const behind = description < 0 ? undefined : (fieldOf(block, 'System Description') ?? block[description + 1]?.trim());
  const management =
    fieldOf(block, 'Management Address') ?? block.map((line) => /^ +IP: (\S+)/.exec(line)?.[1]).find(Boolean);
  table.adjacent(port, name, identifier(remote), {
    'ascribe.neighbour.protocol': 'lldp',
    'ascribe.neighbour.system': system,
    'ascribe.neighbour.chassis': identifier(chassis),
    'ascribe.neighbour.port': identifier(remote),
    'ascribe.neighbour.port_description': fieldOf(block, 'Port Description'),
    'ascribe.neighbour.description': behind === '' ? undefined : behind,
    'ascribe.neighbour.address': management === undefined ? undefined : canonicalAddress(management),
  });
}

/** A MAC address in the form used everywhere; other identifiers as they are. */
function identifier(text: string | undefined): string | undefined {
  if (text === undefined || text === '::') return undefined;
  return (/^[0-9a-fA-F]{2,4}[.:-]/.test(text) ? mac(text) : undefined) ?? text;
}

/** `Interface Ethernet1 detected 2 LLDP neighbors:`, then `Neighbor …` with its fields. */
function eosLldp(table: TableReading): void {
  let port: string | undefined;
  let block: string[] = [];
  const flush = (): void => {
    if (block.length > 0 && port !== undefined) lldpBlock(table, [`Local Intf: ${port}`, ...block.map(eosField)]);
    block = [];
  };
  for (const line of table.lines) {
    const header = /^Interface (\S+) detected/.exec(line);
    if (header !== null) {
      flush();
      port = header[1];
    } else if (/^ {2}Neighbor /.test(line)) {
      flush();
      block.push(line);
    } else if (block.length > 0) block.push(line);
  }
  flush();
}

/** EOS's names of the fields in Cisco's words. */
function eosField(line: string): string {
  const text = line.trim().replace(/^- /, '');
  return text
    .replace(/^Chassis ID +:/, 'Chassis id:')
    .replace(/^Port ID +:/, 'Port id:')
    .replace(/^Management Address +:/, 'Management Address:');
}

function routerosNeighbours(table: TableReading): void {
  for (const line of table.lines) {
    const pairs = pairsOf(line);
    const port = pairs.get('interface')?.split(',')[0];
    const hardware = mac(pairs.get('mac-address'));
    const name = pairs.get('identity') || hardware;
    if (port === undefined || name === undefined) continue;
    table.adjacent(port, name, pairs.get('interface-name') || undefined, {
      'ascribe.neighbour.protocol': pairs.get('discovered-by') ?? 'mndp',
      'ascribe.neighbour.system': pairs.get('identity'),
      'ascribe.neighbour.chassis': hardware,
      'ascribe.neighbour.port': pairs.get('interface-name'),
      'ascribe.neighbour.platform': pairs.get('platform'),
      'ascribe.neighbour.address': canonicalAddress(pairs.get('address') ?? pairs.get('address4') ?? ''),
    });
  }
}

/**
 * One row a neighbour. Junos: local interface, parent, chassis, port, name. VyOS: name, local interface, protocol, capability,
 * platform, port. FortiOS and PAN-OS: the local interface first.
 */
function lldpTable(table: TableReading, platform: ConfigPlatform): void {
  for (const line of table.lines) {
    const words = wordsOf(line);
    const chassisAt = words.findIndex((word) => /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word));
    if (platform === 'vyos') {
      const [name, port] = words;
      if (name === undefined || port === undefined || !/^(?:eth|bond|br|lan|wan|wlan)\d/.test(port)) continue;
      table.adjacent(port, name, words.at(-1), {
        'ascribe.neighbour.protocol': words[2]?.toLowerCase(),
        'ascribe.neighbour.system': name,
        'ascribe.neighbour.port': words.at(-1),
      });
      continue;
    }
    if (chassisAt < 1) continue;
    const port = words[0] ?? '';
    const chassis = mac(words[chassisAt]);
    const remote = words[chassisAt + 1];
    const system = words.slice(chassisAt + 2).at(-1);
    table.adjacent(port, system ?? chassis ?? '', remote, {
      'ascribe.neighbour.protocol': 'lldp',
      'ascribe.neighbour.system': system,
      'ascribe.neighbour.chassis': chassis,
      'ascribe.neighbour.port': remote,
    });
  }
}
