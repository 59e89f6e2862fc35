import { type ConfigNode, childOf, childrenNamed } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';

/** `interface NAME` with addresses, `nameif`, zone, VRF, description; `shutdown` puts it out of force. */
export function readInterfaces(reading: ConfigReading, root: ConfigNode): void {
  for (const statement of childrenNamed(root, 'interface')) {
    const name = statement.words.slice(1).join('');
    if (name === '' || statement.children.length === 0) continue;
    const text = (...words: string[]): string | undefined =>
      childOf(statement, ...words)
        ?.words.slice(words.length)
        .join(' ') || undefined;
    const value = (...words: string[]): string | undefined => childOf(statement, ...words)?.words[words.length];
    reading.interface(statement, {
      name,
      addresses: addressesOf(statement),
      active: !statement.children.some(({ words }) => words[0] === 'shutdown'),
      details: {
        'ascribe.interface.nameif': value('nameif'),
        'ascribe.interface.zone': value('zone-member', 'security'),
        'ascribe.interface.description': text('description'),
        'ascribe.interface.vrf':
          value('vrf', 'forwarding') ?? value('ip', 'vrf', 'forwarding') ?? value('vrf', 'member') ?? value('vrf'),
        'ascribe.interface.vlan': value('encapsulation', 'dot1Q') ?? value('vlan'),
        'ascribe.interface.nat': natSide(statement),
        'ascribe.interface.acl_in': aclOf(statement, 'in'),
        'ascribe.interface.acl_out': aclOf(statement, 'out'),
      },
    });
  }
}

/** `ip address A MASK [secondary]`, `ip address A/L`, `ipv6 address A/L`; not `dhcp`, nor what is link-local. */
function addressesOf(statement: ConfigNode): string[] {
  return statement.children.flatMap(({ words }) => {
    if (words[1] !== 'address' || (words[0] !== 'ip' && words[0] !== 'ipv6')) return [];
    if (words.includes('link-local')) return [];
    const network = networkOf(words[2], words[3]);
    return network === undefined ? [] : [network];
  });
}

function natSide(statement: ConfigNode): string | undefined {
  if (childOf(statement, 'ip', 'nat', 'inside') !== undefined) return 'inside';
  return childOf(statement, 'ip', 'nat', 'outside') === undefined ? undefined : 'outside';
}

function aclOf(statement: ConfigNode, direction: 'in' | 'out'): string | undefined {
  return statement.children.find(
    ({ words }) => words[0] === 'ip' && words[1] === 'access-group' && words[3] === direction,
  )?.words[2];
}
