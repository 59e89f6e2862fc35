import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { isMac, pairsOf, wordsOf } from './text';

/** Ports that are the device itself: its own addresses, and what it hands to its processor. */
const OWN: ReadonlySet<string> = new Set([
  'cpu',
  'router',
  'switch',
  'drop',
  'self',
  'sup-eth1',
  'sup-eth1(r)',
  '-',
  'stby-switch',
  'vplc',
  '--',
  'internal',
]);
const TYPES: ReadonlySet<string> = new Set([
  'dynamic',
  'static',
  'secure',
  'self',
  'permanent',
  'system',
  'learn',
  'learned',
  'igmp',
  'd',
  's',
]);

/** Forwarding tables: which port a MAC address was last seen on. */
export function readMacTable(table: TableReading, platform: ConfigPlatform): void {
  for (const line of table.lines) {
    if (platform === 'mikrotik' && line.includes('mac-address=')) {
      routerosRow(table, line);
      continue;
    }
    const words = wordsOf(line.replace(/^\s*[*~+GRSDO#()CP ]{1,6}\s/, ' '));
    const at = words.findIndex(isMac);
    if (at < 0) continue;
    const port = portOf(platform, words, at);
    if (port === undefined || OWN.has(port.toLowerCase())) continue;
    const type = words.find((word) => TYPES.has(word.toLowerCase()))?.toLowerCase();
    if (type === 'self' || type === 'system') continue;
    table.forwarding(words[at] ?? '', port, {
      'network.vlan.id': vlanOf(platform, words, at),
      'ascribe.fdb_status': type === 'd' ? 'dynamic' : type === 's' ? 'static' : type,
    });
  }
}

/** `mac-address=… on-interface=ether2 bridge=bridge vid=10`; the bridge's own addresses are flagged `L`. */
function routerosRow(table: TableReading, line: string): void {
  const pairs = pairsOf(line);
  const flags = wordsOf(line.slice(0, line.indexOf('mac-address=')))
    .slice(1)
    .join('');
  if (flags.includes('L')) return;
  table.forwarding(pairs.get('mac-address') ?? '', pairs.get('on-interface') ?? pairs.get('interface') ?? '', {
    'network.vlan.id': numberOf(pairs.get('vid')),
    'ascribe.bridge': pairs.get('bridge'),
  });
}

function portOf(platform: ConfigPlatform, words: readonly string[], at: number): string | undefined {
  switch (platform) {
    // EOS: VLAN MAC TYPE PORT MOVES LAST; PAN-OS: VLAN MAC INTERFACE STATUS TTL
    case 'arista_eos':
      return words[at + 2];
    case 'panos':
      return words[at + 1];
    // Junos: VLAN MAC FLAGS AGE INTERFACE [NEXT-HOP ROUTER]; older: VLAN MAC TYPE AGE INTERFACE
    case 'juniper_junos':
      return words.slice(at + 1).find((word) => /^[a-z]{2,5}-?\d{1,4}(?:\/\d{1,4}){0,2}\.\d{1,5}$/.test(word));
    // ASA in transparent mode: INTERFACE MAC TYPE AGE
    case 'cisco_asa':
      return words[0];
    // diagnose netlink brctl name host: PORT DEVICE NAME MAC …
    case 'fortigate':
      return words[at - 1];
    // bridge fdb: MAC dev PORT …
    case 'vyos':
      return words[at + 1] === 'dev' ? words[at + 2] : words.at(-1);
    case 'cisco_ios':
    case 'cisco_nxos':
    case 'mikrotik':
    case 'pfsense':
    case 'opnsense':
      return words.length > at + 1 ? words.at(-1)?.split(',')[0] : undefined;
  }
}

/** The number before the MAC address; old IOS writes it behind the type. */
function vlanOf(platform: ConfigPlatform, words: readonly string[], at: number): number | undefined {
  if (platform === 'vyos') return numberOf(words[words.indexOf('vlan') + 1]);
  return numberOf(words[at - 1]) ?? (at === 0 ? numberOf(words[2]) : undefined);
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,4}$/.test(text)) return undefined;
  return Number(text) > 0 && Number(text) < 4095 ? Number(text) : undefined;
}
