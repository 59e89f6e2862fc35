import { childrenNamed, type ConfigNode } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { addressOf } from '../hosts';
import { readAsaNat } from './asa-nat';
import { readAcls, readRouteMaps } from './indent-acls';
import { readSharedEndpoints, sourceStatements, startsWith } from './indent-endpoints';
import { readInterfaces } from './indent-interfaces';
import { readServices } from './indent-services';
import { readPeers } from './indent-tunnels';
import { readIosNat } from './ios-nat';

/** Cisco IOS, IOS-XE, NX-OS, Arista EOS; `asa`: Cisco ASA. */
export function readCisco(reading: ConfigReading, root: ConfigNode, asa: boolean): void {
  const sources = sourceStatements(root);
  reading.hostname = childrenNamed(root, 'hostname')[0]?.words[1] ?? childrenNamed(root, 'switchname')[0]?.words[1];
  readInterfaces(reading, root);
  readAcls(reading, root, asa);
  readRouteMaps(reading, root);
  if (asa) readAsaNat(reading, root);
  else readIosNat(reading, root);
  readSharedEndpoints(reading, root, sources, asa);
  readServices(reading, root, sources);
  readPeers(reading, root);
  readPools(reading, root);
}

/** Addresses given to VPN users: `ip local pool P A-B mask M` (ASA), `ip local pool P A B` (IOS). */
function readPools(reading: ConfigReading, root: ConfigNode): void {
  for (const statement of childrenNamed(root, 'ip')) {
    if (!startsWith(statement.words, ['ip', 'local', 'pool'])) continue;
    const [, , , name = '', range = '', second] = statement.words;
    const [first, last = second ?? first] = range.split('-');
    if (addressOf(first) === undefined || addressOf(last) === undefined) continue;
    reading.rule(
      'vpn_pool',
      statement,
      { name },
      { 'ascribe.pool.first': addressOf(first), 'ascribe.pool.last': addressOf(last) },
    );
  }
}
