import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindings, EsxiWorld, events, inventory, RECEIVED_AT } from './esxi-world';

/** Shapes as in the "ESXCLI Reference" and in outputs that responders publish; names and addresses are made up. */
const VMS = `web 1 [blue]
   World ID: 2101
   Process ID: 0
   VMX Cartel ID: 2100
   UUID: 56 4d c4 d7 de eb 77 81-dc 69 4e 96 d4 c6 18 4f
   Display Name: web 1 [blue]
   Config File: /vmfs/volumes/5b-1/web 1 [blue]/web 1 [blue].vmx

db: two
   World ID: 2201
   Process ID: 0
   VMX Cartel ID: 2200
   UUID: 56 4d 00 00 00 00 00 00-00 00 00 00 00 00 00 02
   Display Name: db: two
   Config File: /vmfs/volumes/5b-1/db/db.vmx
`;
const WEB = '564dc4d7-deeb-7781-dc69-4e96d4c6184f';
const DB = '564d0000-0000-0000-0000-000000000002';

const CONNECTIONS = {
  table: `Proto  Recv Q  Send Q  Local Address                     Foreign Address      State        World ID  CC Algo  World Name
-----  ------  ------  --------------------------------  -------------------  -----------  --------  -------  ---------------
tcp         0       0  0.0.0.0:443                       0.0.0.0:0            LISTEN       2098900  newreno  rhttpproxy-work
tcp         0       0  192.0.2.11:443                    192.0.2.90:51000     ESTABLISHED  2098900  newreno  rhttpproxy-work
tcp         0       0  192.0.2.11:33000                  203.0.113.5:443      ESTABLISHED   525331  newreno  python
tcp         0       0  192.0.2.11:33001                  203.0.113.6:443      TIME_WAIT          0
tcp         0       0  127.0.0.1:8307                    127.0.0.1:60000      ESTABLISHED    67305  newreno  hostd-IO
tcp         0       0  2001:db8::11:546                  2001:db8::99:50000   ESTABLISHED   525331  newreno  python
udp         0       0  0.0.0.0:68                        0.0.0.0:0                           70001           dhclient-uw
`,
  csv: `CCAlgo,ForeignAddress,LocalAddress,Proto,RecvQ,SendQ,State,WorldID,WorldName,
newreno,0.0.0.0:0,0.0.0.0:443,tcp,0,0,LISTEN,2098900,rhttpproxy-work,
newreno,192.0.2.90:51000,192.0.2.11:443,tcp,0,0,ESTABLISHED,2098900,rhttpproxy-work,
newreno,203.0.113.5:443,192.0.2.11:33000,tcp,0,0,ESTABLISHED,525331,python,
,203.0.113.6:443,192.0.2.11:33001,tcp,0,0,TIME_WAIT,0,,
newreno,127.0.0.1:60000,127.0.0.1:8307,tcp,0,0,ESTABLISHED,67305,hostd-IO,
newreno,[2001:db8::99]:50000,[2001:db8::11]:546,tcp,0,0,ESTABLISHED,525331,python,
,0.0.0.0:0,0.0.0.0:68,udp,0,0,,70001,dhclient-uw,
`,
} as const;

const SOCKETS = [
  'socket-process TCP:*:443 -> rhttpproxy-work seen',
  'socket-process TCP:192.0.2.11:443>192.0.2.90:51000 -> rhttpproxy-work seen',
  'socket-process TCP:192.0.2.11:33000>203.0.113.5:443 -> python seen',
  'socket-process TCP:[2001:db8::11]:546>[2001:db8::99]:50000 -> python seen',
  'socket-process UDP:*:68 -> dhclient-uw seen',
];
const STACK = { parameters: { netstack: 'defaultTcpipStack' } };

/** The rows of a csv answer in other formats. */
function rowsOf(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(
      line
        .split(',')
        .map((value, i) => [names[i] ?? '', value])
        .filter(([name]) => name !== ''),
    ),
  );
}

function xmlOf(csv: string): string {
  const structures = rowsOf(csv).map(
    (row) =>
      `<structure typeName="IpConnection">${Object.entries(row)
        .map(([name, value]) => `<field name="${name}"><string>${value}</string></field>`)
        .join('')}</structure>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n<output xmlns="http://www.vmware.com/Products/ESX/5.0/esxcli">\n<root><list type="structure">${structures.join('\n')}</list></root></output>`;
}

function keyValueOf(csv: string): string {
  return rowsOf(csv)
    .flatMap((row, i) => Object.entries(row).map(([name, value]) => `IpConnection[${i}].${name}.string=${value}`))
    .join('\n');
}

const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/gu, '$1 $2');

describe('sockets and their worlds', () => {
  const formats: [string, string, string][] = [
    ['table', 'table', CONNECTIONS.table],
    ['csv', 'csv', CONNECTIONS.csv],
    ['xml', 'xml', xmlOf(CONNECTIONS.csv)],
    ['json', 'json', JSON.stringify(rowsOf(CONNECTIONS.csv))],
    [
      'json with blanks in names',
      'json',
      JSON.stringify(
        rowsOf(CONNECTIONS.csv).map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [spaced(name), value])),
        ),
      ),
    ],
    ['keyvalue', 'keyvalue', keyValueOf(CONNECTIONS.csv)],
    ['a table where csv was asked for', 'csv', CONNECTIONS.table],
  ];

  test.each(formats)('%s', (_name, output, body) => {
    const facts = new EsxiWorld().command('connection_list', body, { header: { output, ...STACK } });
    expect(bindings(facts)).toEqual(SOCKETS);
    expect(
      inventory(facts, 'socket').map(({ id, extra }) => [
        id,
        extra?.['ascribe.socket.state'],
        extra?.['ascribe.socket.direction'],
        extra?.['process.pid'],
      ]),
    ).toEqual([
      ['TCP:*:443', 'listen', undefined, 2_098_900],
      ['TCP:192.0.2.11:443>192.0.2.90:51000', 'established', 'inbound', 2_098_900],
      ['TCP:192.0.2.11:33000>203.0.113.5:443', 'established', 'outbound', 525_331],
      ['TCP:192.0.2.11:33001>203.0.113.6:443', 'timeWait', 'outbound', undefined],
      ['TCP:[2001:db8::11]:546>[2001:db8::99]:50000', 'established', 'outbound', 525_331],
      ['UDP:*:68', 'listen', undefined, 70_001],
    ]);
    expect(facts.at(-1)).toMatchObject({
      action: 'table_read',
      extra: { 'ascribe.ssh.rows': 7, 'ascribe.ssh.parameters': 'defaultTcpipStack' },
    });
  });

  test('a cut world name is completed by the list of processes', () => {
    const world = new EsxiWorld();
    world.command(
      'process_list',
      `[\n{"World ID": 2098900, "Name": "rhttpproxy-worker", "Command Line": "/bin/rhttpproxy -p secret1"}]`,
      { header: { output: 'json' } },
    );
    const facts = world.command('connection_list', CONNECTIONS.csv, { header: { output: 'csv', ...STACK } });
    expect(bindings(facts)[0]).toBe('socket-process TCP:*:443 -> rhttpproxy-worker seen');
  });

  test('the stack and what is not whole are told', () => {
    const facts = new EsxiWorld().command('connection_list', CONNECTIONS.csv.slice(0, 300), {
      header: { output: 'csv', parameters: { netstack: 'vmotion' } },
    });
    expect(facts.find(({ fact }) => fact === 'binding')).toMatchObject({ extra: { 'ascribe.netstack': 'vmotion' } });
    expect(facts.at(-1)).toMatchObject({ fact: 'gap', kind: 'incomplete_read' });
    const cut = new EsxiWorld().command('connection_list', CONNECTIONS.csv, {
      header: { output: 'csv', complete: false, reason: 'timeout' },
    });
    expect(cut.at(-1)).toMatchObject({ fact: 'gap', detail: 'connection_list: timeout' });
  });

  test('sockets are stated every time, what does not change of the rest is not', () => {
    const world = new EsxiWorld();
    const ask = (): number[] => {
      const facts = world.command('connection_list', CONNECTIONS.csv, { header: { output: 'csv', ...STACK } });
      return [bindings(facts).length, inventory(facts, 'socket').length];
    };
    expect([ask(), ask()]).toEqual([
      [5, 6],
      [5, 0],
    ]);
  });
});

describe('VMs', () => {
  function withVms(): EsxiWorld {
    const world = new EsxiWorld();
    world.command('vm_process_list', VMS);
    return world;
  }

  test('which run here', () => {
    const facts = new EsxiWorld().command('vm_process_list', VMS);
    expect(bindings(facts)).toEqual(['vm-host web 1 [blue] -> esx1 seen', 'vm-host db: two -> esx1 seen']);
    expect(facts[0]).toMatchObject({
      extra: {
        'ascribe.vm.uuid': WEB,
        'ascribe.vm.world': 2101,
        'ascribe.vm.path': '/vmfs/volumes/5b-1/web 1 [blue]/web 1 [blue].vmx',
      },
    });
    expect(inventory(facts, 'vm').map(({ id }) => id)).toEqual([WEB, DB]);
  });

  test('their ports in one answer: adapters, and names with blanks', () => {
    const facts = withVms().command(
      'net_stats',
      `PortNum          Type SubType SwitchName       MACAddress         ClientName
2214592518          4       0 DvsPortset-0     00:50:56:01:10:01  vmnic0
67108874            3       0 DvsPortset-0     00:50:56:01:10:01  vmk0
67108880            5       9 DvsPortset-0     00:0c:29:07:d0:b6  web 1 [blue].eth0
67108881            5       9 DvsPortset-0     00:50:56:a2:ec:46  db: two.eth1
67108882            5       9 DvsPortset-0     00:50:56:a2:ec:47  unknown.eth0
`,
    );
    expect(bindings(facts)).toEqual([
      `mac-vnic 00:0c:29:07:d0:b6 -> ${WEB}/4000 seen`,
      `vnic-vm ${WEB}/4000 -> web 1 [blue] seen`,
      `mac-vnic 00:50:56:a2:ec:46 -> ${DB}/4001 seen`,
      `vnic-vm ${DB}/4001 -> db: two seen`,
    ]);
    expect(facts.filter(({ fact }) => fact === 'rejected')).toMatchObject([{ reason: 'esxi_vm_unknown' }]);
  });

  test('the ports of one: port group with VLAN, uplink, port of a distributed switch, address', () => {
    const world = withVms();
    world.command(
      'portgroup_list',
      'Name        Virtual Switch  Active Clients  VLAN ID\n----------  --------------  --------------  -------\nVM Network  vSwitch0                    14       20\n',
    );
    const facts = world.command(
      'vm_port_list',
      '   Port ID: 33554442\n   vSwitch: vSwitch0\n   Portgroup: VM Network\n   DVPort ID: 17\n   MAC Address: 00:0c:29:86:f2:a0\n   IP Address: 198.51.100.21\n   Team Uplink: vmnic0\n   Uplink Port ID: 33554434\n   Active Filters: \n\n   Port ID: 33554443\n   vSwitch: vSwitch0\n   Portgroup: VM Network\n   DVPort ID: \n   MAC Address: 00:0c:29:72:3f:e3\n   IP Address: 0.0.0.0\n   Team Uplink: vmnic0\n',
      { header: { parameters: { world: '2101' } } },
    );
    expect(bindings(facts)).toEqual([
      `mac-vnic 00:0c:29:86:f2:a0 -> ${WEB}/00:0c:29:86:f2:a0 seen`,
      `vnic-vm ${WEB}/00:0c:29:86:f2:a0 -> web 1 [blue] seen`,
      'dvport-vnic 17 -> 00:0c:29:86:f2:a0 seen',
      'ip-vm 198.51.100.21 -> web 1 [blue] seen',
      'ip-mac 198.51.100.21 -> 00:0c:29:86:f2:a0 seen',
      `mac-vnic 00:0c:29:72:3f:e3 -> ${WEB}/00:0c:29:72:3f:e3 seen`,
      `vnic-vm ${WEB}/00:0c:29:72:3f:e3 -> web 1 [blue] seen`,
    ]);
    expect(facts[0]).toMatchObject({
      extra: { 'ascribe.vnic.vlan': 20, 'ascribe.vnic.uplink': 'vmnic0', 'ascribe.vnic.portgroup': 'VM Network' },
    });
  });

  const ALL_VMS = `Vmid        Name                                     File                                        Guest OS          Version   Annotation
12     web 1 [blue]   [datastore1] web 1 [blue]/web 1 [blue].vmx   debian10_64Guest          vmx-13    first line
second line of the note
130    db: two        [ds 2] db/db.vmx                             windows2019srv_64Guest    vmx-17
`;

  test('which are registered: annotations over lines, brackets in names, two spellings of one path', () => {
    const world = withVms();
    const facts = world.command('all_vms', ALL_VMS);
    expect(
      inventory(facts, 'vm').map(({ id, extra }) => [id, extra?.['ascribe.vm.id'], extra?.['ascribe.vm.guest_os']]),
    ).toEqual([
      [WEB, 12, 'debian10_64Guest'],
      [DB, 130, 'windows2019srv_64Guest'],
    ]);
  });

  test('one that runs and is not registered', () => {
    const world = new EsxiWorld();
    world.command('all_vms', ALL_VMS.split('\n').slice(0, 3).join('\n'));
    expect(events(world.command('vm_process_list', VMS))).toMatchObject([
      { action: 'vm_unregistered_running', extra: { 'ascribe.vm': 'db: two' } },
    ]);
  });

  test('what the guest says of its addresses', () => {
    const world = withVms();
    world.command('all_vms', ALL_VMS);
    const guest = `===VM===12
Guest information:

(vim.vm.GuestInfo) {
   toolsRunningStatus = "guestToolsRunning",
   guestFullName = "Debian GNU/Linux 10 (64-bit)",
   hostName = "web",
   ipAddress = "198.51.100.9",
   net = (vim.vm.GuestInfo.NicInfo) [
      (vim.vm.GuestInfo.NicInfo) {
         network = "VM Network {1}",
         ipAddress = (string) [
            "198.51.100.9",
            "fe80::20c:29ff:fe62:e86d",
            "2001:db8::9"
         ],
         macAddress = "00:0c:29:62:e8:6d",
         connected = true,
         deviceConfigId = 4000,
         ipConfig = (vim.net.IpConfigInfo) {
            ipAddress = (vim.net.IpConfigInfo.IpAddress) [
               (vim.net.IpConfigInfo.IpAddress) {
                  ipAddress = "198.51.100.77",
                  prefixLength = 24,
               }
            ]
         }
      }
   ],
   guestState = "running"
}
===VM===130
(vim.fault.NotFound) {
   msg = "Unable to find a VM corresponding to \\"130\\""
}
`;
    const facts = world.command('guest_info', guest, { header: { parameters: { vmids: '12 130' }, output: 'text' } });
    expect(bindings(facts)).toEqual([
      `mac-vnic 00:0c:29:62:e8:6d -> ${WEB}/4000 seen`,
      `vnic-vm ${WEB}/4000 -> web 1 [blue] seen`,
      'ip-vm 198.51.100.9 -> web 1 [blue] seen',
      'ip-mac 198.51.100.9 -> 00:0c:29:62:e8:6d seen',
      'ip-vm 2001:db8::9 -> web 1 [blue] seen',
      'ip-mac 2001:db8::9 -> 00:0c:29:62:e8:6d seen',
    ]);
    expect(inventory(facts, 'vm')).toMatchObject([
      { extra: { 'ascribe.vm.guest_name': 'web', 'ascribe.vm.tools': 'guestToolsRunning' } },
    ]);
  });

  test('a configuration file', () => {
    const facts = new EsxiWorld().command(
      'vmx_file',
      'displayName = "a|22b"\nuuid.bios = "56 4d c4 d7 de eb 77 81-dc 69 4e 96 d4 c6 18 4f"\nethernet0.present = "TRUE"\nethernet0.networkName = "VM Network"\nethernet0.generatedAddress = "00:0C:29:86:F2:A0"\nethernet1.present = "FALSE"\nethernet1.generatedAddress = "00:0c:29:00:00:01"\n',
      { header: { parameters: { path: '/vmfs/volumes/5b-1/a/a.vmx' }, output: 'text' } },
    );
    expect(bindings(facts)).toEqual([
      `mac-vnic 00:0c:29:86:f2:a0 -> ${WEB}/4000 seen`,
      `vnic-vm ${WEB}/4000 -> a"b seen`,
    ]);
  });

  test('a list that is cut by its version is no whole list', () => {
    const facts = withVms().command(
      'network_vm_list',
      'World ID  Name   Num Ports  Networks\n--------  -----  ---------  --------\n',
    );
    expect(facts.at(-1)).toMatchObject({
      fact: 'gap',
      kind: 'incomplete_read',
      detail: 'network_vm_list: names 0 of 2 running VMs',
    });
  });

  test('events get what is known of their VM', () => {
    const world = withVms();
    const line = (message: string): string => `2026-11-24T02:10:00.123Z info hostd[1] [Originator@6876 ${message}\n`;
    const [event, binding] = world.log(
      '/var/run/log/hostd.log',
      line(
        'sub=Vmsvc.vm:/vmfs/volumes/5b-1/db/db.vmx opID=x user=root] State Transition (VM_STATE_POWERING_OFF -> VM_STATE_OFF)',
      ),
    );
    expect(event).toMatchObject({ action: 'vm_state', extra: { 'ascribe.vm': 'db: two', 'ascribe.vm.uuid': DB } });
    expect(binding).toMatchObject({ relation: 'vm-host', key: 'db: two', value: 'esx1', state: 'end' });
  });

  test('a migration: one id on both hosts, begun and ended where the memory is over', () => {
    const world = withVms();
    const kernel = (text: string): string => `2026-11-24T02:10:05.000Z cpu4:27)${text}\n`;
    const log = '/var/run/log/vmkernel.log';
    world.log(
      log,
      kernel(
        'Migrate: vm 2101: 3284: Setting VMOTION info: Source ts = 145, src ip = <192.0.2.1> dest ip = <192.0.2.2> Dest wid = 77 using SHARED swap',
      ),
    );
    const [there] = events(
      world.log(
        log,
        kernel(
          'Migrate: vm 77: 3284: Setting VMOTION info: Dest ts = 145, src ip = <192.0.2.1> dest ip = <192.0.2.2> Dest wid = 0 using SHARED swap',
        ),
        { device: 'esx2' },
      ),
    );
    expect(there).toMatchObject({
      extra: { 'ascribe.vm': 'web 1 [blue]', 'ascribe.vm_host.old': 'esx1', 'ascribe.vm_host': 'esx2' },
    });
    const left = world.log(
      log,
      kernel('VMotionSend: 5095: 145 S: Sent all modified pages to destination (network bandwidth ~1 MB/s)'),
    );
    const arrived = world.log(log, kernel('VMotionRecv: 2234: 145 D: DONE paging in'), { device: 'esx2' });
    expect([...bindings(left), ...bindings(arrived)]).toEqual([
      'vm-host web 1 [blue] -> esx1 end',
      'vm-host web 1 [blue] -> esx2 begin',
    ]);
  });
});

describe('the host itself', () => {
  test('addresses, neighbours, stacks', () => {
    const world = new EsxiWorld();
    const facts = [
      ...world.command(
        'interface_ipv4',
        'Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  Gateway    DHCP DNS\n----  ------------  -------------  --------------  ------------  ---------  --------\nvmk0  192.0.2.11    255.255.255.0  192.0.2.255     STATIC        192.0.2.1     false\nvmk9  169.254.1.1   255.255.255.0  169.254.1.255   STATIC        0.0.0.0       false\n',
        { header: STACK },
      ),
      ...world.command(
        'interface_ipv6',
        'Interface  Address                   Netmask  Type    Status\n---------  ------------------------  -------  ------  ---------\nvmk0       fe80::250:56ff:fe01:1001       64  STATIC  PREFERRED\nvmk0       2001:db8::11                   64  STATIC  PREFERRED\nvmk0       2001:db8::12                   64  STATIC  DUPLICATE\n',
      ),
      ...world.command(
        'neighbor_list',
        'Neighbor   MAC Address        Vmknic  Expiry  State  Type\n---------  -----------------  ------  ------  -----  ----\n192.0.2.1  00:1a:2b:3c:4d:5e  vmk0    1128s          Unknown\n192.0.2.9                     vmk0    incomplete     Unknown\n',
        { header: STACK },
      ),
    ];
    expect(bindings(facts)).toEqual([
      'ip-device 192.0.2.11 -> esx1 seen',
      'ip-device 2001:db8::11 -> esx1 seen',
      'ip-mac 192.0.2.1 -> 00:1a:2b:3c:4d:5e seen',
    ]);
  });

  test('a restart: world ids begin again', () => {
    const world = new EsxiWorld();
    const uptime = (micros: number, receivedAt: number): ReturnType<typeof events> =>
      events(world.command('system_uptime', `${micros}\n`, { receivedAt }));
    expect(uptime(86_400_000_000, RECEIVED_AT)).toEqual([]);
    world.command('vm_process_list', VMS);
    expect(uptime(86_460_000_000, RECEIVED_AT + 60_000)).toEqual([]);
    expect(uptime(30_000_000, RECEIVED_AT + 600_000)).toMatchObject([
      { action: 'host_start', observedAt: RECEIVED_AT + 569_000 },
    ]);
    expect(world.memory.host('esx1').vms.byWorld(2101)).toBeUndefined();
  });

  test.each([
    ['json', '"PartnerSupported"'],
    ['xml', '<?xml version="1.0"?><output><root><string>PartnerSupported</string></root></output>'],
    ['table', 'PartnerSupported\n'],
  ])('one word in %s', (output, body) => {
    const facts = new EsxiWorld().command('acceptance_get', body, { header: { output } });
    expect(inventory(facts, 'setting')).toMatchObject([{ extra: { 'ascribe.value': 'PartnerSupported' } }]);
  });

  test('a clock that is set', () => {
    const world = new EsxiWorld();
    const ask = (clockOffset: number): unknown[] =>
      events(world.command('netstack_list', '', { header: { clockOffset } }));
    expect([ask(-90_000), ask(-90_500), ask(1_800_000)]).toMatchObject([
      [],
      [],
      [{ action: 'clock_step', extra: { 'ascribe.clock.offset': 1_800_000, 'ascribe.clock.offset.old': -90_500 } }],
    ]);
  });

  test('what changes between two answers is an event, though no log tells of it', () => {
    const world = new EsxiWorld();
    const ask = (enabled: string, body = ''): unknown[] =>
      events(
        world.command(
          'firewall_ruleset_list',
          `Name       Enabled\n---------  -------\nsshServer     true\nsyslog        ${enabled}\n${body}`,
        ),
      );
    expect(ask('true')).toEqual([]);
    expect(ask('false')).toMatchObject([
      {
        action: 'config_change',
        extra: {
          'ascribe.config.kind': 'firewall_ruleset',
          'ascribe.config.item': 'syslog',
          'ascribe.change': 'changed',
          'ascribe.value.old': 'enabled=1',
          'ascribe.value': 'enabled=0',
        },
      },
    ]);
    expect(ask('false', 'evil          true\n')).toMatchObject([
      { extra: { 'ascribe.config.item': 'evil', 'ascribe.change': 'added' } },
    ]);
    expect(ask('false')).toMatchObject([{ extra: { 'ascribe.config.item': 'evil', 'ascribe.change': 'removed' } }]);
  });

  test('software with how far it is vouched for, accounts, allowed addresses', () => {
    const world = new EsxiWorld();
    const vibs = world.command(
      'vib_list',
      '[{"AcceptanceLevel": "CommunitySupported", "CreationDate": "2023-09-04", "ID": "x_bootbank_lsu_1", "InstallDate": "2023-10-10", "Name": "lsu", "Status": "", "Vendor": "VMW", "Version": "1.0"}]',
      { header: { output: 'json' } },
    );
    expect(inventory(vibs, 'software')).toMatchObject([
      { id: 'lsu', extra: { 'ascribe.software.acceptance': 'CommunitySupported', 'package.version': '1.0' } },
    ]);
    const accounts = world.command(
      'account_list',
      'User ID  Description\n-------  -----------\nroot     Administrator\n',
    );
    expect(inventory(accounts, 'account')).toMatchObject([
      { id: 'root', extra: { 'user.full_name': 'Administrator' } },
    ]);
    const allowed = world.command(
      'firewall_allowedip_list',
      'AllowedIPAddresses,Ruleset,\n"192.0.2.0/24, 198.51.100.7",sshServer,\n',
      { header: { output: 'csv' } },
    );
    expect(inventory(allowed, 'rule')).toMatchObject([
      { extra: { 'rule.ruleset': 'sshServer', 'ascribe.rule.allowed_ips': '192.0.2.0/24, 198.51.100.7' } },
    ]);
  });

  test('where its own logs go is a session that the host opens', () => {
    const facts = new EsxiWorld().command(
      'syslog_config',
      '   Local Log Output Is Persistent: false\n   Remote Host: ssl://siem.example.net:1514,udp://[2001:db8::5]:514\n',
    );
    expect(facts.filter(({ fact }) => fact === 'binding')).toMatchObject([
      {
        relation: 'config-endpoint',
        value: 'tcp:siem.example.net:1514',
        extra: { 'ascribe.config.encrypted': 'yes', 'ascribe.config.purpose': 'syslog' },
      },
      { relation: 'config-endpoint', value: 'udp:[2001:db8::5]:514', extra: { 'ascribe.config.encrypted': 'no' } },
    ]);
    expect(inventory(facts, 'setting').find(({ id }) => id === 'syslog.locallogoutputispersistent')).toMatchObject({
      extra: { 'ascribe.value': 'false' },
    });
  });

  test('a command that nobody reads, and one that failed', () => {
    expect(new EsxiWorld().command('x', '')).toMatchObject([{ fact: 'rejected', reason: 'esxi_unknown_command' }]);
    const failed = new EsxiWorld().command('vib_list', '', {
      header: { exit: 1, stderr: 'Connect to localhost failed\nmore' },
    });
    expect(failed).toMatchObject([{ fact: 'gap', detail: 'vib_list: exit 1: Connect to localhost failed' }]);
  });
});

const FIXTURES = join(__dirname, '../../../../shared/data/esxi');
const whenHere = existsSync(FIXTURES) ? describe : describe.skip;

whenHere('answers recorded by others', () => {
  const read = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

  test('VMs with networks, ports and host name in XML', () => {
    const world = new EsxiWorld();
    const xml = { header: { output: 'xml' } };
    const names = world.command('network_vm_list', read('govmomi_network_vm_list.xml'), xml);
    expect(names.at(-1)).toMatchObject({ action: 'table_read', extra: { 'ascribe.ssh.rows': 2 } });
    const host = world.command('system_hostname', read('govmomi_system_hostname_get.xml'), xml);
    expect(inventory(host, 'host')).toMatchObject([
      { extra: { 'host.name': 'esxbox.localdomain', 'host.hostname': 'esxbox' } },
    ]);
    world.command('vm_process_list', VMS);
    const ports = world.command('vm_port_list', read('govmomi_network_vm_port_list.xml'), {
      header: { output: 'xml', parameters: { world: '2101' } },
    });
    expect(bindings(ports)).toContain('ip-vm 192.168.247.149 -> web 1 [blue] seen');
  });
});
