import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { addressIn, isMac, padded, pairsOf, wordsOf } from './text';

/**
 * ARP and ND tables of all platforms. A row has one address and one MAC address, wherever they stand; what differs is where
 * the interface is. Rows without MAC address (incomplete) say nothing.
 */
export function readArp(table: TableReading, platform: ConfigPlatform): void {
  let vrf: string | undefined;
  let vrfColumn = false;
  for (const line of table.lines) {
    const header = /^(?:VRF: |IP ARP Table for context )(\S+)/.exec(line);
    if (header !== null) vrf = header[1] === 'default' ? undefined : header[1];
    if (line.trimEnd().endsWith('VRF Name')) vrfColumn = true;
    const pairs = platform === 'mikrotik' ? pairsOf(line) : undefined;
    const terse = pairs?.get('address');
    if (pairs !== undefined && terse !== undefined) {
      table.neighbour(terse, pairs.get('mac-address') ?? '', {
        'observer.ingress.interface.name': pairs.get('interface'),
        'ascribe.neighbour.state': pairs.get('status'),
      });
      continue;
    }
    const words = wordsOf(line);
    const ipAt = words.findIndex((word) => addressIn(word) !== undefined);
    const macAt = words.findIndex(isMac);
    if (ipAt < 0 || macAt < 0) continue;
    const last = words.at(-1);
    table.neighbour(addressIn(words[ipAt] ?? '') ?? '', padded(words[macAt] ?? ''), {
      ...INTERFACES[platform](words, ipAt, macAt),
      'ascribe.vrf': vrfColumn ? (last === 'default' || last === '-' ? undefined : last) : vrf,
    });
  }
}

type Place = Readonly<Record<string, string | undefined>>;

function named(interfaceName: string | undefined, port?: string): Place {
  const name = interfaceName?.replace(/,$/, '');
  return {
    'observer.ingress.interface.name': name === '-' ? undefined : name,
    'ascribe.neighbour.port': port === name || port === '-' ? undefined : port,
  };
}

/** Where each platform writes the interface. */
const INTERFACES: Readonly<Record<ConfigPlatform, (words: readonly string[], ipAt: number, macAt: number) => Place>> = {
  // Protocol Address Age MAC Type Interface
  cisco_ios: (words, _ipAt, macAt) => named(words[macAt + 2]),
  // nameif Address MAC Age
  cisco_asa: (words) => named(words[0]),
  // Address Age MAC Interface [Physical Interface] [Flags] [VRF]
  cisco_nxos: (words, _ipAt, macAt) => named(words[macAt + 1], words[macAt + 2]),
  // Address Age MAC Interface[, Physical]
  arista_eos: (words, _ipAt, macAt) =>
    named(words[macAt + 1], words[macAt + 2] === 'not' ? undefined : words[macAt + 2]),
  // MAC Address [Name] Interface Flags
  juniper_junos: (words) => named(words.at(-2)),
  // Address Age MAC Interface
  fortigate: (words, _ipAt, macAt) => named(words[macAt + 1]),
  // interface address MAC port status ttl
  panos: (words, _ipAt, macAt) => named(words[0], words[macAt + 1]),
  // # flags Address MAC Interface [Status]
  mikrotik: (words, _ipAt, macAt) => named(words[macAt + 1]),
  // 1.4: Address Interface MAC State; 1.3: Address HWtype MAC Flags Interface
  vyos: (words, ipAt, macAt) =>
    named(words[ipAt + 1] === 'ether' ? words.at(-1) : macAt > ipAt + 1 ? words[ipAt + 1] : words[macAt + 1]),
  // ? (Address) at MAC on Interface …; ndp: Address MAC Interface Expire State
  pfsense: bsd,
  opnsense: bsd,
};

function bsd(words: readonly string[], _ipAt: number, macAt: number): Place {
  return named(words[macAt + 1] === 'on' ? words[macAt + 2] : words[macAt + 1]);
}
