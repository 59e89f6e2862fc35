import { type ConfigNode, childOf, childrenNamed } from '../config-node';
import type { ConfigReading, EndpointPurpose } from '../config-reading';
import { hostPortOf, portOf, urlOf, urlsIn } from '../hosts';
import { optionsOf, type Sources, startsWith } from './indent-endpoints';
import { asaServer, type Context, nameServers, serverBlock, serverGroup } from './indent-servers';

/** Blocks of the Cisco-like languages whose statements declare sessions of the device: servers, call-home, telemetry, PKI, files. */
export function readServices(reading: ConfigReading, root: ConfigNode, sources: Sources): void {
  const r: Context = { reading, root, sources };
  for (const statement of root.children) {
    const read = READERS.find(([words]) => startsWith(statement.words, words))?.[1];
    read?.(r, statement);
  }
  readSmartLicensing(r);
}

const READERS: readonly (readonly [words: readonly string[], read: (r: Context, statement: ConfigNode) => void])[] = [
  [['tacacs', 'server'], (r, each) => serverBlock(r, each, 'tacacs', 49)],
  [['radius', 'server'], (r, each) => serverBlock(r, each, 'radius', 1645, 1646)],
  [['ldap', 'server'], (r, each) => serverBlock(r, each, 'ldap', 389)],
  [['aaa', 'group', 'server'], serverGroup],
  [['aaa-server'], asaServer],
  [['dns', 'server-group'], (r, each) => nameServers(r, each)],
  [['call-home'], callHome],
  [['callhome'], callHome],
  [['service', 'meraki', 'connect'], cloud],
  [['cloud-mgmt', 'connect'], cloud],
  [['telemetry'], telemetry],
  [['daemon'], terminAttr],
  [['flow', 'exporter'], flowExporter],
  [['ip', 'flow-export', 'destination'], (r, each) => exportTo(r, each, each.words.slice(3))],
  [['flow-export', 'destination'], (r, each) => exportTo(r, each, each.words.slice(3), each.words[2])],
  [['ip', 'ddns', 'update', 'method'], (r, each) => urlsBelow(r, each, 'ddns', ['add', 'remove'])],
  [['ddns', 'update', 'method'], (r, each) => urlsBelow(r, each, 'ddns', ['add', 'remove'])],
  [['archive'], (r, each) => urlsBelow(r, each, 'file_transfer', ['path'], 'ftp')],
  [['kron', 'policy-list'], commands],
  [['event', 'manager', 'applet'], commands],
  [['event-handler'], commands],
  // NX-OS: the commands of `scheduler job name J` … `end-job` stand at the margin.
  [['copy'], (r, each) => commands(r, { ...each, children: [each] })],
  [['crypto', 'pki', 'trustpoint'], pki],
  [['crypto', 'ca', 'trustpoint'], pki],
  [['ip', 'sla'], probe],
  [['pnp', 'profile'], plugAndPlay],
  [['auto-update', 'server'], (r, each) => url(r, each, 'update', each.words[2])],
  [['boot', 'system'], (r, each) => url(r, each, 'file_transfer', each.words[2])],
  [['ip', 'http', 'client', 'proxy-server'], proxy],
  [['system'], sdwan],
];

function url(
  { reading, sources }: Context,
  statement: ConfigNode,
  purpose: EndpointPurpose,
  text: string | undefined,
  active = true,
  source = 'http',
): void {
  const target = urlOf(text);
  if (target === undefined) return;
  const { host, port, protocol, encrypted } = target;
  reading.endpoint([statement], {
    purpose,
    host,
    port,
    protocol,
    encrypted,
    active,
    sourceInterface: sources.get(source),
  });
}

/** URLs in statements with one of the names, at any depth. */
function urlsBelow(
  r: Context,
  statement: ConfigNode,
  purpose: EndpointPurpose,
  names: readonly string[],
  source = 'http',
): void {
  for (const child of statement.children) {
    if (names.includes(child.words[0] ?? '')) {
      const found = child.words.find((word) => urlOf(word) !== undefined);
      if (found !== undefined) url(r, child, purpose, found, true, source);
    }
    urlsBelow(r, child, purpose, names, source);
  }
}

/**
 * Commands that the device runs by itself: IOS `kron policy-list P` / `cli C`, IOS and NX-OS `event manager applet A` /
 * `action 1 cli command "C"`, EOS `event-handler H` / `action bash C`.
 */
function commands(r: Context, statement: ConfigNode): void {
  for (const each of statement.children) {
    for (const { host, port, protocol, encrypted } of urlsIn(each.words.join(' ')))
      r.reading.endpoint([each], {
        purpose: 'other',
        host,
        port,
        protocol,
        encrypted,
        sourceInterface: r.sources.get('http'),
      });
    commands(r, each);
  }
}

/** IOS, ASA: `profile P` / `active`, `destination address http URL`, `destination transport-method http`; NX-OS: `callhome`. */
function callHome(r: Context, statement: ConfigNode): void {
  if (statement.words[1] === 'reporting') {
    // ASA: `call-home reporting anonymous`
    r.reading.endpoint(statement, {
      purpose: 'call_home',
      host: 'tools.cisco.com',
      protocol: 'tcp',
      port: 443,
      encrypted: 'yes',
    });
    return;
  }
  const enabled = !r.root.children.some(({ words }) => startsWith(words, ['no', 'service', 'call-home']));
  const source = childOf(statement, 'source-interface')?.words[1];
  const local: Context = source === undefined ? r : { ...r, sources: new Map([...r.sources, ['http', source]]) };
  for (const server of childrenNamed(statement, 'mail-server')) {
    r.reading.endpoint(server, {
      purpose: 'call_home',
      host: server.words[1],
      protocol: 'tcp',
      port: 25,
      encrypted: 'maybe',
      active: enabled,
    });
  }
  for (const via of childrenNamed(statement, 'http-proxy')) proxy(r, via);
  for (const each of statement.children) callHomeDestination(local, each, enabled);
  for (const profile of childrenNamed(statement, 'profile')) {
    const off = profile.children.some(({ words }) => startsWith(words, ['no', 'active']));
    for (const each of profile.children) callHomeDestination(local, each, enabled && !off);
  }
}

function callHomeDestination(r: Context, statement: ConfigNode, active: boolean): void {
  const { words } = statement;
  if (words[0] !== 'destination' && words[0] !== 'destination-profile') return;
  const found = words.find((word) => urlOf(word) !== undefined);
  if (found !== undefined) url(r, statement, 'call_home', found, active);
}

function cloud({ reading }: Context, statement: ConfigNode): void {
  reading.endpoint([statement], {
    purpose: 'cloud_management',
    host: '*',
    protocol: 'tcp',
    port: 443,
    encrypted: 'yes',
  });
}

/** `license smart transport smart|cslu|callhome|off`, `license smart url URL`, `license smart url smart|cslu URL`. */
function readSmartLicensing(r: Context): void {
  const statements = r.root.children.filter(({ words }) => startsWith(words, ['license', 'smart']));
  const transport = statements.find(({ words }) => words[2] === 'transport');
  const active = transport?.words[3] !== 'off';
  let stated = false;
  for (const each of statements) {
    if (each.words[2] === 'proxy') proxy(r, each);
    if (each.words[2] !== 'url') continue;
    const found = each.words.find((word) => urlOf(word) !== undefined);
    if (found === undefined) continue;
    stated = true;
    url(r, each, 'licensing', found, active);
  }
  if (stated || transport === undefined || !active) return;
  const host =
    transport.words[3] === 'cslu'
      ? 'cslu-local'
      : transport.words[3] === 'smart'
        ? 'smartreceiver.cisco.com'
        : 'tools.cisco.com';
  const encrypted = transport.words[3] === 'cslu' ? 'no' : 'yes';
  r.reading.endpoint(transport, {
    purpose: 'licensing',
    host,
    protocol: 'tcp',
    port: encrypted === 'no' ? 8182 : 443,
    encrypted,
  });
}

function proxy({ reading }: Context, statement: ConfigNode): void {
  const { words } = statement;
  const options = optionsOf(words);
  const host = options.host ?? words.find((word) => word.includes('.'));
  reading.endpoint([statement], { purpose: 'other', host, protocol: 'tcp', port: options.port, encrypted: 'maybe' });
}

/** IOS-XE: `receiver ip address A P protocol grpc-tls`; NX-OS: `destination-group N` / `ip address A port P protocol gRPC`. */
function telemetry({ reading }: Context, statement: ConfigNode): void {
  const vrf = find(statement, 'use-vrf')?.words[1] ?? find(statement, 'source-vrf')?.words[1];
  const local = find(statement, 'source-address')?.words[1];
  const visit = (each: ConfigNode): void => {
    const { words } = each;
    const address = words.indexOf('address') >= 0 ? words.indexOf('address') : words.indexOf('ip-address');
    if (address > 0 && (words[0] === 'receiver' || words[0] === 'ip' || words[0] === 'host')) {
      const transport = (words[words.indexOf('protocol') + 1] ?? '').toLowerCase();
      const port = words.includes('port') ? words[words.indexOf('port') + 1] : words[address + 2];
      const secure = transport.includes('tls') || transport === 'native';
      reading.endpoint(each, {
        purpose: 'telemetry',
        host: words[address + 1],
        protocol: transport === 'udp' ? 'udp' : 'tcp',
        port: portOf(port),
        encrypted: secure ? 'yes' : transport.startsWith('grpc') && !transport.includes('tcp') ? 'maybe' : 'no',
        vrf,
        sourceIp: local,
      });
    }
    for (const child of each.children) visit(child);
  };
  for (const each of statement.children) visit(each);
}

function find(statement: ConfigNode, word: string): ConfigNode | undefined {
  for (const child of statement.children) {
    if (child.words[0] === word) return child;
    const below = find(child, word);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** EOS: `daemon TerminAttr` / `exec /usr/bin/TerminAttr -cvaddr=H:P,H:P -cvvrf=V`, `-ingestgrpcurl=H:P`, `-cvopt c.addr=H:P`. */
function terminAttr({ reading }: Context, statement: ConfigNode): void {
  if (statement.words[1] !== 'TerminAttr') return;
  const off = statement.children.some(({ words }) => words[0] === 'shutdown');
  for (const command of childrenNamed(statement, 'exec')) {
    const options = command.words.map((word) =>
      /^-{0,2}(?:[\w]+\.)?(cvaddr|ingestgrpcurl|addr|cvvrf|ingestvrf|vrf)=(.+)$/.exec(word),
    );
    const vrf = options.find((option) => option?.[1]?.endsWith('vrf') === true)?.[2];
    for (const option of options) {
      if (option === null || option[1]?.endsWith('vrf') === true) continue;
      for (const target of (option[2] ?? '').split(',')) {
        const at = hostPortOf(target);
        reading.endpoint([command], {
          purpose: 'cloud_management',
          host: at?.host,
          protocol: 'tcp',
          port: at?.port ?? 443,
          encrypted: 'yes',
          active: !off,
          vrf,
        });
      }
    }
  }
}

function flowExporter(r: Context, statement: ConfigNode): void {
  const transport = childOf(statement, 'transport', 'udp')?.words[2];
  const source = childOf(statement, 'source')?.words[1];
  for (const each of childrenNamed(statement, 'destination')) {
    const { host, vrf } = optionsOf(each.words);
    r.reading.endpoint(each, {
      purpose: 'telemetry',
      host,
      protocol: 'udp',
      port: portOf(transport) ?? 9995,
      vrf,
      sourceInterface: source,
    });
  }
}

function exportTo(
  { reading }: Context,
  statement: ConfigNode,
  [host, port]: readonly string[],
  sourceInterface?: string,
): void {
  reading.endpoint(statement, { purpose: 'telemetry', host, protocol: 'udp', port: portOf(port), sourceInterface });
}

/** `enrollment url URL`, `ocsp url URL`, `crl configure` / `url 1 URL`. */
function pki(r: Context, statement: ConfigNode): void {
  const source = childOf(statement, 'source', 'interface')?.words[2];
  const local: Context = source === undefined ? r : { ...r, sources: new Map([['http', source]]) };
  urlsBelow(local, statement, 'pki', ['enrollment', 'ocsp', 'url', 'crl', 'cdp-url']);
}

/** `ip sla 1` / `http get URL`, `tcp-connect A P`, `udp-echo A P`. */
function probe(r: Context, statement: ConfigNode): void {
  for (const each of statement.children) {
    const [kind, first, second] = each.words;
    const found = each.words.find((word) => urlOf(word) !== undefined);
    if (found !== undefined) url(r, each, 'other', found);
    else if (kind === 'tcp-connect' || kind === 'udp-echo' || kind === 'udp-jitter') {
      const protocol = kind === 'tcp-connect' ? 'tcp' : 'udp';
      r.reading.endpoint(each, {
        purpose: 'other',
        host: first,
        protocol,
        port: portOf(second),
        encrypted: protocol === 'tcp' ? 'maybe' : 'no',
      });
    }
  }
}

/** `transport https ipv4 A port 443`. */
function plugAndPlay({ reading }: Context, statement: ConfigNode): void {
  for (const each of childrenNamed(statement, 'transport')) {
    const secure = each.words[1] === 'https';
    const { port } = optionsOf(each.words);
    reading.endpoint(each, {
      purpose: 'cloud_management',
      host: each.words[3],
      protocol: 'tcp',
      port: port ?? (secure ? 443 : 80),
      encrypted: secure ? 'yes' : 'maybe',
    });
  }
}

/** IOS-XE in SD-WAN mode: `system` / `vbond A port P`: DTLS to the orchestrator. */
function sdwan({ reading }: Context, statement: ConfigNode): void {
  for (const each of childrenNamed(statement, 'vbond')) {
    const { port } = optionsOf(each.words);
    reading.endpoint(each, {
      purpose: 'cloud_management',
      host: each.words[1],
      protocol: 'udp',
      port: port ?? 12_346,
      encrypted: 'yes',
    });
  }
}
