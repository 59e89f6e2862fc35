import type { Fact } from '../../../normalizer/model/facts';
import {
  bodies,
  counter,
  counter64,
  gauge,
  integer,
  ipAddress,
  objectId,
  octets,
  SnmpWorld,
  T0,
  text,
  ticks,
  type TestVarbind,
} from './snmp-world';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const MINUTE = 60_000;

describe('system group (RFC 3418)', () => {
  const system = (upTime: number): TestVarbind[] => [
    text('1.3.6.1.2.1.1.1.0', 'Example OS 1.2'),
    objectId('1.3.6.1.2.1.1.2.0', '1.3.6.1.4.1.99999.1'),
    ticks('1.3.6.1.2.1.1.3.0', upTime),
    text('1.3.6.1.2.1.1.5.0', 'sw1.example'),
    text('1.3.6.1.2.1.1.6.0', 'room 7'),
  ];

  it('is the inventory of the device', () => {
    const world = new SnmpWorld();
    expect(world.table(system(100), { table: 'system' })).toEqual([
      {
        rawSeq: 1,
        observedAt: T0,
        timeQuality: 'from_receipt',
        device: 'sw1',
        parser: 'snmp',
        fact: 'inventory',
        kind: 'device',
        id: 'system',
        name: 'sw1.example',
        extra: {
          'ascribe.snmp.description': 'Example OS 1.2',
          'ascribe.snmp.object_id': '1.3.6.1.4.1.99999.1',
          'ascribe.snmp.location': 'room 7',
        },
      },
      {
        rawSeq: 1,
        observedAt: T0,
        timeQuality: 'from_receipt',
        device: 'sw1',
        parser: 'snmp',
        fact: 'event',
        category: 'network',
        action: 'table_read',
        outcome: 'success',
        extra: { 'ascribe.snmp.table': 'system', 'ascribe.snmp.varbinds': 5 },
      },
    ]);
  });

  it('the engine of SNMPv3 (RFC 3411) is inventory too', () => {
    const rows = [octets('1.3.6.1.6.3.10.2.1.1.0', '80001f8880aabb'), integer('1.3.6.1.6.3.10.2.1.2.0', 4)];
    expect(bodies(new SnmpWorld().table(rows), 'inventory')).toEqual([
      { kind: 'device', id: 'snmp engine', name: '80001f8880aabb', extra: { 'ascribe.snmp.boots': 4 } },
    ]);
  });

  it('is stated again only when it changes, or after an hour', () => {
    const world = new SnmpWorld();
    const stated: number[] = [];
    for (const minute of [0, 5, 59, 60, 65]) {
      world.now = T0 + minute * MINUTE;
      stated.push(bodies(world.table(system(100 + minute * 6000)), 'inventory').length);
    }
    expect(stated).toEqual([1, 0, 0, 1, 0]);
  });

  it.each([
    ['five minutes on', 600_000, 630_000, 5, 0],
    ['a count that fell', 600_000, 3000, 5, 1],
    ['a restart in a long silence', 1000, 5000, 60, 1],
    ['clocks two minutes apart', 600_000, 618_500, 5, 0],
    ['the wrap after 497 days', 2 ** 32 - 10_000, 20_000, 5, 0],
    ['a restart near the wrap', 2 ** 32 - 10_000, 2000, 60, 1],
  ])('%s: restart or none', (_name, before, after, minutes, restarts) => {
    const world = new SnmpWorld();
    world.table(system(before));
    world.now += minutes * MINUTE;
    const facts = world.table(system(after));
    expect(bodies(facts, 'gap')).toHaveLength(restarts);
    expect(bodies(facts, 'event')).toHaveLength(restarts);
  });

  it('dates a restart by the new count', () => {
    const world = new SnmpWorld();
    world.table(system(600_000));
    world.now += 5 * MINUTE;
    const facts = world.table(system(6000));
    expect(facts.find((fact) => fact.fact === 'event')).toMatchObject({
      action: 'device_restart',
      observedAt: T0 + 4 * MINUTE,
      extra: { 'ascribe.snmp.uptime': 6000, 'ascribe.snmp.uptime_before': 600_000 },
    });
    const since = world.now - 5 * MINUTE;
    expect(bodies(facts, 'gap')).toEqual([{ kind: 'restart', since, detail: 'sysUpTime 600000 to 6000' }]);
  });
});

describe('interfaces (RFC 2863)', () => {
  const basic = [
    text(`${IF}.2.7`, 'GigabitEthernet1/0/7'),
    integer(`${IF}.3.7`, 6),
    gauge(`${IF}.5.7`, 4_294_967_295),
    octets(`${IF}.6.7`, '02005e005301'),
    integer(`${IF}.7.7`, 1),
    integer(`${IF}.8.7`, 2),
  ];
  const extended = [text(`${IFX}.1.7`, 'Gi1/0/7'), gauge(`${IFX}.15.7`, 10_000), text(`${IFX}.18.7`, 'to core')];

  it('are one thing from two tables', () => {
    expect(bodies(new SnmpWorld().table([...basic, ...extended]), 'inventory')).toEqual([
      {
        kind: 'interface',
        id: '7',
        name: 'Gi1/0/7',
        extra: {
          'ascribe.if.descr': 'GigabitEthernet1/0/7',
          'ascribe.if.alias': 'to core',
          'ascribe.if.type': 6,
          'ascribe.if.mac': '02:00:5e:00:53:01',
          'ascribe.if.speed': 10_000_000_000,
          'ascribe.if.admin': 'up',
          'ascribe.if.oper': 'down',
        },
      },
    ]);
  });

  it('are merged over records, the last statement complete', () => {
    const world = new SnmpWorld();
    world.table(basic);
    const [merged] = bodies(world.table(extended), 'inventory');
    expect(merged).toEqual(bodies(new SnmpWorld().table([...basic, ...extended]), 'inventory')[0]);
  });

  it('name the ports below an aggregate (ifStackTable)', () => {
    const world = new SnmpWorld();
    world.table([text(`${IFX}.1.7`, 'Gi1/0/7'), text(`${IFX}.1.8`, 'Gi1/0/8'), text(`${IFX}.1.100`, 'Po1')]);
    const stack = ['100.8', '100.7', '0.100', '7.0', '8.0'].map((index) =>
      integer(`1.3.6.1.2.1.31.1.2.1.3.${index}`, 1),
    );
    expect(bodies(world.table(stack), 'inventory')).toEqual([
      { kind: 'interface', id: '100', name: 'Po1', extra: { 'ascribe.if.below': 'Gi1/0/7,Gi1/0/8' } },
    ]);
  });

  it('are forgotten when a complete read lacks them, kept when it was cut short', () => {
    const world = new SnmpWorld();
    const two = [text(`${IF}.2.1`, 'eth0'), text(`${IF}.2.2`, 'eth1')];
    world.table(two);
    world.table([text(`${IF}.2.1`, 'eth0')], { complete: false, reason: 'timeout' });
    const link = (): unknown => bodies(world.trap('1.3.6.1.6.3.1.1.5.3', [integer(`${IF}.1.2`, 2)]), 'event')[0];
    expect(link()).toMatchObject({ extra: { 'observer.ingress.interface.name': 'eth1' } });
    world.table([text(`${IF}.2.1`, 'eth0')]);
    expect(link()).not.toHaveProperty(['extra', 'observer.ingress.interface.name']);
  });

  it.each([
    [
      'Virtual interface: vmk0 on port 67108877 DVS 50 0b ca e3 c1 d5 10 a4-1c 2b 3d 4e 5f 60 71 82',
      'vmk0',
      { 'ascribe.if.dvport': 67108877, 'ascribe.if.switch': '50 0b ca e3 c1 d5 10 a4-1c 2b 3d 4e 5f 60 71 82' },
    ],
    [
      'Virtual interface: vmk1 on vswitch vSwitch0 portgroup Management Network',
      'vmk1',
      { 'ascribe.if.switch': 'vSwitch0', 'ascribe.if.portgroup': 'Management Network' },
    ],
    ['Device vmnic0 at 02:00.0 bnx2', 'vmnic0', {}],
    ['Traditional Virtual VMware switch: vSwitch0', 'vSwitch0', {}],
    ['Distributed Virtual VMware switch: DvsPortset-0', 'DvsPortset-0', {}],
    ['Virtual interface: vmk2 on port many DVS', 'vmk2', {}],
  ])('ESXi ifDescr %s', (descr, name, extra) => {
    expect(bodies(new SnmpWorld().table([text(`${IF}.2.1`, descr)]), 'inventory')).toEqual([
      { kind: 'interface', id: '1', name, extra: { 'ascribe.if.descr': descr, ...extra } },
    ]);
  });
});

describe('ARP and neighbour discovery', () => {
  it.each([
    [
      'ipNetToMediaTable (RFC 4293)',
      octets('1.3.6.1.2.1.4.22.1.2.7.192.0.2.9', '02005e005301'),
      integer('1.3.6.1.2.1.4.22.1.4.7.192.0.2.9', 4),
      'ipNetToMediaTable',
      'static',
    ],
    [
      'ipNetToPhysicalTable (RFC 4293)',
      octets('1.3.6.1.2.1.4.35.1.4.7.1.4.192.0.2.9', '02005e005301'),
      integer('1.3.6.1.2.1.4.35.1.6.7.1.4.192.0.2.9', 3),
      'ipNetToPhysicalTable',
      'dynamic',
    ],
    [
      'CISCO-IETF-IP-MIB',
      octets('1.3.6.1.4.1.9.10.86.1.1.3.1.3.7.1.4.192.0.2.9', '02005e005301'),
      integer('1.3.6.1.4.1.9.10.86.1.1.3.1.5.7.1.4.192.0.2.9', 3),
      'cInetNetToMediaTable',
      'dynamic',
    ],
  ])('%s', (_name, mac, type, table, kind) => {
    const world = new SnmpWorld();
    world.table([text(`${IFX}.1.7`, 'Vl7')]);
    expect(bodies(world.table([mac, type]), 'binding')).toEqual([
      {
        relation: 'ip-mac',
        key: '192.0.2.9',
        value: '02:00:5e:00:53:01',
        state: 'seen',
        extra: {
          'observer.ingress.interface.id': 7,
          'observer.ingress.interface.name': 'Vl7',
          'ascribe.neighbour.type': kind,
          'ascribe.snmp.table': table,
        },
      },
    ]);
  });

  it('IPV6-MIB (RFC 2465)', () => {
    const row = octets('1.3.6.1.2.1.55.1.12.1.2.7.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.9', '02005e005301');
    expect(bodies(new SnmpWorld().table([row]), 'binding')).toMatchObject([{ key: '2001:db8::9' }]);
  });
});

describe('forwarding tables (RFC 4188, RFC 4363)', () => {
  const ports = [integer('1.3.6.1.2.1.17.1.4.1.2.3', 10103)];
  const names = [text(`${IFX}.1.10103`, 'Gi1/0/3')];
  const row = (fdb: number): TestVarbind[] => [
    integer(`1.3.6.1.2.1.17.7.1.2.2.1.2.${fdb}.2.0.94.0.83.1`, 3),
    integer(`1.3.6.1.2.1.17.7.1.2.2.1.3.${fdb}.2.0.94.0.83.1`, 3),
  ];
  const vlan = (number: number, fdb: number): TestVarbind => gauge(`1.3.6.1.2.1.17.7.1.4.2.1.3.0.${number}`, fdb);

  it.each([
    ['the VLAN that learns into it', [vlan(40, 7)], { 'network.vlan.id': 40, 'observer.ingress.interface.id': 10103 }],
    [
      'no VLAN where two share it',
      [vlan(40, 7), vlan(41, 7)],
      { 'observer.ingress.interface.id': 10103, 'ascribe.fdb_id': 7 },
    ],
    ['no VLAN while the map is not read', [], { 'observer.ingress.interface.id': 10103, 'ascribe.fdb_id': 7 }],
  ])('a filtering database is %s', (_name, vlans, extra) => {
    expect(bodies(new SnmpWorld().table([...ports, ...names, ...vlans, ...row(7)]), 'binding')).toEqual([
      { relation: 'mac-switchport', key: '02:00:5e:00:53:01', value: 'sw1:Gi1/0/3', state: 'seen', extra },
    ]);
  });

  it('a context vlan-10 is VLAN 10, with its own port map', () => {
    const world = new SnmpWorld();
    world.table(names);
    world.table([integer('1.3.6.1.2.1.17.1.4.1.2.3', 9999)]);
    world.table(ports, { context: 'vlan-10' });
    const fdb = [integer('1.3.6.1.2.1.17.4.3.1.2.2.0.94.0.83.1', 3)];
    expect(bodies(world.table(fdb, { context: 'vlan-10' }), 'binding')).toMatchObject([
      { value: 'sw1:Gi1/0/3', extra: { 'network.vlan.id': 10 } },
    ]);
  });
});

describe('neighbours', () => {
  const local = [
    text(`${IFX}.1.512`, 'ge-0/0/5'),
    integer('1.0.8802.1.1.2.1.3.7.1.2.5', 5),
    text('1.0.8802.1.1.2.1.3.7.1.3.5', 'ge-0/0/5'),
  ];

  it('LLDP-MIB (IEEE 802.1AB-2005)', () => {
    const R = '1.0.8802.1.1.2.1.4.1.1';
    const rows = [
      ...local,
      integer(`${R}.4.0.5.2`, 4),
      octets(`${R}.5.0.5.2`, '02005e005301'),
      integer(`${R}.6.0.5.2`, 3),
      octets(`${R}.7.0.5.2`, '02005e005302'),
      text(`${R}.8.0.5.2`, 'uplink'),
      text(`${R}.9.0.5.2`, 'core.example'),
    ];
    expect(bodies(new SnmpWorld().table(rows), 'binding')).toEqual([
      {
        relation: 'port-neighbour',
        key: 'sw1:ge-0/0/5',
        value: 'core.example:02:00:5e:00:53:02',
        state: 'seen',
        extra: {
          'ascribe.neighbour.protocol': 'lldp',
          'ascribe.neighbour.system': 'core.example',
          'ascribe.neighbour.chassis': '02:00:5e:00:53:01',
          'ascribe.neighbour.port': '02:00:5e:00:53:02',
          'ascribe.neighbour.port_description': 'uplink',
        },
      },
    ]);
  });

  it.each([
    ['interfaceName as ifName', 5, 'Gi0/5', undefined],
    ['interfaceName as ifDescr', 5, 'GigabitEthernet0/5', undefined],
    ['MAC address, with a description', 3, '02005e', 'GigabitEthernet0/5'],
    ['local ifIndex', 7, '10105', undefined],
  ])('a local port named by %s is the port of other tables', (_name, subtype, id, descr) => {
    const world = new SnmpWorld();
    world.table([text(`${IF}.2.10105`, 'GigabitEthernet0/5'), text(`${IFX}.1.10105`, 'Gi0/5')]);
    const port = [integer('1.0.8802.1.1.2.1.3.7.1.2.5', subtype), text('1.0.8802.1.1.2.1.3.7.1.3.5', id)];
    if (descr !== undefined) port.push(text('1.0.8802.1.1.2.1.3.7.1.4.5', descr));
    const row = text('1.0.8802.1.1.2.1.4.1.1.9.0.5.2', 'core');
    expect(bodies(world.table([...port, row]), 'binding')).toMatchObject([{ key: 'sw1:Gi0/5', value: 'core' }]);
  });

  it('a local port is found by its description where its id is a number of its own', () => {
    const world = new SnmpWorld();
    world.table([text(`${IF}.2.512`, 'ge-0/0/5'), text(`${IFX}.1.512`, 'ge-0/0/5')]);
    const port = [integer('1.0.8802.1.1.2.1.3.7.1.2.5', 7), text('1.0.8802.1.1.2.1.3.7.1.3.5', '512')];
    const row = text('1.0.8802.1.1.2.1.4.1.1.9.0.5.2', 'core');
    expect(bodies(world.table([...port, row]), 'binding')).toMatchObject([{ key: 'sw1:ge-0/0/5', value: 'core' }]);
  });

  it('LLDP-V2-MIB has the ifIndex itself; a chassis may be an address', () => {
    const R = '1.3.111.2.802.1.1.13.1.4.1.1';
    const rows = [
      text(`${IFX}.1.3`, 'vmnic2'),
      integer(`${R}.5.0.3.1.2`, 5),
      octets(`${R}.6.0.3.1.2`, '01c0000207'),
      integer(`${R}.7.0.3.1.2`, 5),
      text(`${R}.8.0.3.1.2`, 'Ethernet1/7'),
    ];
    expect(bodies(new SnmpWorld({ name: 'esx1' }).table(rows), 'binding')).toMatchObject([
      { relation: 'port-neighbour', key: 'esx1:vmnic2', value: '192.0.2.7:Ethernet1/7' },
    ]);
  });

  it('CISCO-CDP-MIB', () => {
    const R = '1.3.6.1.4.1.9.9.23.1.2.1.1';
    const rows = [
      text(`${IFX}.1.10149`, 'Gi0/49'),
      integer(`${R}.3.10149.2`, 1),
      octets(`${R}.4.10149.2`, 'c0000207'),
      text(`${R}.6.10149.2`, 'core.example'),
      text(`${R}.7.10149.2`, 'GigabitEthernet0/2'),
      text(`${R}.8.10149.2`, 'cisco WS-C3560'),
    ];
    expect(bodies(new SnmpWorld().table(rows), 'binding')).toEqual([
      {
        relation: 'port-neighbour',
        key: 'sw1:Gi0/49',
        value: 'core.example:GigabitEthernet0/2',
        state: 'seen',
        extra: {
          'ascribe.neighbour.protocol': 'cdp',
          'ascribe.neighbour.system': 'core.example',
          'ascribe.neighbour.port': 'GigabitEthernet0/2',
          'ascribe.neighbour.platform': 'cisco WS-C3560',
          'ascribe.neighbour.address': '192.0.2.7',
        },
      },
    ]);
  });

  it('MIKROTIK-MIB', () => {
    const R = '1.3.6.1.4.1.14988.1.1.11.1.1';
    const rows = [
      text(`${IFX}.1.2`, 'ether2'),
      ipAddress(`${R}.2.1`, '192.0.2.7'),
      octets(`${R}.3.1`, '02005e005301'),
      text(`${R}.6.1`, 'gw2'),
      integer(`${R}.8.1`, 2),
    ];
    expect(bodies(new SnmpWorld().table(rows), 'binding')).toMatchObject([
      { key: 'sw1:ether2', value: 'gw2', extra: { 'ascribe.neighbour.address': '192.0.2.7' } },
    ]);
  });
});

describe('sockets and processes (RFC 4022, RFC 4113, RFC 2790)', () => {
  const run = [
    text('1.3.6.1.2.1.25.4.2.1.2.812', 'sshd'),
    text('1.3.6.1.2.1.25.4.2.1.4.812', '/usr/sbin/sshd'),
    text('1.3.6.1.2.1.25.4.2.1.5.812', '-D --password hunter2'),
    text('1.3.6.1.2.1.25.4.2.1.2.900', 'agent'),
  ];
  const listen = gauge('1.3.6.1.2.1.6.20.1.4.0.0.22', 812);
  const outbound = '1.4.192.0.2.1.50000.1.4.198.51.100.7.443';
  const inbound = '1.4.192.0.2.1.22.1.4.198.51.100.8.60000';

  it('are inventory, with a binding where the agent knows the process', () => {
    const world = new SnmpWorld();
    world.table(run);
    world.table([listen]);
    const facts = world.table([
      integer(`1.3.6.1.2.1.6.19.1.7.${outbound}`, 5),
      gauge(`1.3.6.1.2.1.6.19.1.8.${outbound}`, 900),
      integer(`1.3.6.1.2.1.6.19.1.7.${inbound}`, 5),
      gauge(`1.3.6.1.2.1.6.19.1.8.${inbound}`, 0),
    ]);
    const ends = {
      'ascribe.socket.state': 'established',
      'ascribe.local.ip': '192.0.2.1',
      'ascribe.remote.ip': '198.51.100.7',
      'ascribe.remote.port': 443,
    };
    const key = 'TCP:192.0.2.1:50000>198.51.100.7:443';
    expect(bodies(facts, 'binding')).toEqual([
      {
        relation: 'socket-process',
        key,
        value: '900',
        state: 'seen',
        extra: {
          ...ends,
          'ascribe.local.port': 50000,
          'ascribe.socket.direction': 'outbound',
          'process.pid': 900,
          'process.name': 'agent',
        },
      },
    ]);
    expect(bodies(facts, 'inventory')).toMatchObject([
      { kind: 'socket', id: key, name: 'agent' },
      { kind: 'socket', id: 'TCP:192.0.2.1:22>198.51.100.8:60000', extra: { 'ascribe.socket.direction': 'inbound' } },
    ]);
  });

  it('process parameters are kept without their secrets', () => {
    expect(bodies(new SnmpWorld().table(run), 'inventory')).toEqual([
      {
        kind: 'process',
        id: '812',
        name: 'sshd',
        extra: { 'process.executable': '/usr/sbin/sshd', 'process.args': expect.not.stringContaining('hunter2') },
      },
      { kind: 'process', id: '900', name: 'agent' },
    ]);
  });

  it('a listener of any address', () => {
    const world = new SnmpWorld();
    world.table(run);
    expect(bodies(world.table([listen]), 'inventory')).toEqual([
      {
        kind: 'socket',
        id: 'TCP:*:22',
        name: 'sshd',
        extra: {
          'ascribe.socket.state': 'listen',
          'ascribe.local.port': 22,
          'process.pid': 812,
          'process.name': 'sshd',
          'process.executable': '/usr/sbin/sshd',
        },
      },
    ]);
  });

  it.each([
    ['over: timeWait', `1.3.6.1.2.1.6.19.1.7.${outbound}`, 11],
    ['to itself', '1.3.6.1.2.1.6.19.1.7.1.4.127.0.0.1.705.1.4.127.0.0.1.60855', 5],
  ])('a connection %s is left out', (_name, oid, state) => {
    expect(bodies(new SnmpWorld().table([integer(oid, state)]), 'inventory')).toEqual([]);
  });

  it('the table of RFC 1213 has listeners among its connections', () => {
    const rows = [
      integer('1.3.6.1.2.1.6.13.1.1.0.0.0.0.22.0.0.0.0.0', 2),
      integer('1.3.6.1.2.1.6.13.1.1.192.0.2.1.22.198.51.100.8.60000', 5),
    ];
    expect(bodies(new SnmpWorld().table(rows), 'inventory')).toMatchObject([
      { id: 'TCP:*:22' },
      { id: 'TCP:192.0.2.1:22>198.51.100.8:60000', extra: { 'ascribe.socket.direction': 'inbound' } },
    ]);
  });

  it('UDP endpoints, IPv6 in brackets', () => {
    const any = gauge('1.3.6.1.2.1.7.7.1.8.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.161.0.0.0.1', 812);
    const peer = gauge(
      '1.3.6.1.2.1.7.7.1.8.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1.500.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.2.500.3',
      900,
    );
    expect(bodies(new SnmpWorld().table([any, peer]), 'inventory')).toMatchObject([
      { id: 'UDP:*:161' },
      { id: 'UDP:[2001:db8::1]:500>[2001:db8::2]:500' },
    ]);
  });
});

describe('VMware (VMWARE-VMINFO-MIB, VMWARE-SYSTEM-MIB)', () => {
  const V = '1.3.6.1.4.1.6876.2.1.1';
  const N = '1.3.6.1.4.1.6876.2.4.1';
  const UUID = '564d1f2e-3c4b-5a69-7887-96a5b4c3d2e1';
  const vms = [
    text(`${V}.2.12`, 'web 1'),
    text(`${V}.3.12`, '/vmfs/volumes/ds1/web/web.vmx'),
    text(`${V}.4.12`, 'Debian 12'),
    integer(`${V}.5.12`, 2048),
    text(`${V}.6.12`, 'powered on'),
    text(`${V}.8.12`, 'running'),
    integer(`${V}.9.12`, 2),
    text(`${V}.10.12`, '56 4d 1f 2e 3c 4b 5a 69-78 87 96 a5 b4 c3 d2 e1'),
  ];
  const adapters = [
    text(`${N}.3.12.4000`, 'Network adapter 1'),
    text(`${N}.4.12.4000`, 'VLAN 40'),
    text(`${N}.6.12.4000`, 'true'),
    octets(`${N}.7.12.4000`, '005056aabbcc'),
    octets(`${N}.7.12.4001`, ''),
  ];
  const world = (): SnmpWorld => new SnmpWorld({ name: 'esx1' });

  it('VMs are on the host that lists them', () => {
    const facts = world().table(vms);
    const about = {
      'ascribe.vm.uuid': UUID,
      'ascribe.vm.path': '/vmfs/volumes/ds1/web/web.vmx',
      'ascribe.vm.state': 'powered on',
    };
    expect(bodies(facts, 'binding')).toEqual([
      { relation: 'vm-host', key: 'web 1', value: 'esx1', state: 'seen', extra: about },
    ]);
    expect(bodies(facts, 'inventory')).toEqual([
      {
        kind: 'vm',
        id: '12',
        name: 'web 1',
        extra: {
          ...about,
          'ascribe.vm.guest_os': 'Debian 12',
          'ascribe.vm.guest_state': 'running',
          'ascribe.vm.memory_mb': 2048,
          'ascribe.vm.cpus': 2,
        },
      },
    ]);
  });

  it('an adapter ties its MAC address to the VM', () => {
    const host = world();
    host.table(vms);
    const vnic = {
      'ascribe.vm.name': 'web 1',
      'ascribe.vm.uuid': UUID,
      'ascribe.vnic.portgroup': 'VLAN 40',
      'ascribe.vnic.label': 'Network adapter 1',
      'ascribe.vnic.connected': 'true',
    };
    expect(bodies(host.table(adapters), 'binding')).toEqual([
      { relation: 'mac-vnic', key: '00:50:56:aa:bb:cc', value: `${UUID}/4000`, state: 'seen', extra: vnic },
      {
        relation: 'vnic-vm',
        key: `${UUID}/4000`,
        value: 'web 1',
        state: 'seen',
        extra: { ...vnic, 'ascribe.vnic.mac': '00:50:56:aa:bb:cc' },
      },
    ]);
  });

  it('adapters of a VM that is not listed are refused', () => {
    const host = world();
    host.table(vms);
    expect(bodies(host.table([octets(`${N}.7.13.4000`, '005056aabbcd')], { table: 'nics' }), 'rejected')).toEqual([
      { reason: 'snmp_vm_unknown', detail: 'nics: 1 rows, first 13.4000' },
    ]);
  });

  it('the hypervisor', () => {
    const rows = [
      text('1.3.6.1.4.1.6876.1.1.0', 'VMware ESXi'),
      text('1.3.6.1.4.1.6876.1.2.0', '8.0.2'),
      text('1.3.6.1.4.1.6876.1.4.0', '22380479'),
    ];
    expect(bodies(world().table(rows), 'inventory')).toEqual([
      {
        kind: 'host',
        id: 'esx1',
        name: 'esx1',
        extra: {
          'ascribe.host.product': 'VMware ESXi',
          'ascribe.host.version': '8.0.2',
          'ascribe.host.build': '22380479',
        },
      },
    ]);
  });
});

describe('parts (RFC 6933)', () => {
  it('those with a serial number, and every chassis', () => {
    const E = '1.3.6.1.2.1.47.1.1.1.1';
    const rows = [
      integer(`${E}.5.1`, 3),
      text(`${E}.7.1`, 'Switch 1'),
      integer(`${E}.5.2`, 9),
      text(`${E}.7.2`, 'Supervisor'),
      text(`${E}.11.2`, 'FOC1'),
      text(`${E}.13.2`, 'SUP-1'),
      integer(`${E}.5.3`, 10),
      text(`${E}.7.3`, 'Port'),
      text(`${E}.11.3`, ''),
    ];
    expect(bodies(new SnmpWorld().table(rows), 'inventory')).toEqual([
      { kind: 'device', id: 'entity 1', name: 'Switch 1', extra: { 'ascribe.entity.class': 'chassis' } },
      {
        kind: 'device',
        id: 'entity 2',
        name: 'Supervisor',
        extra: { 'ascribe.entity.class': 'module', 'ascribe.entity.serial': 'FOC1', 'ascribe.entity.model': 'SUP-1' },
      },
    ]);
  });
});

describe('configuration changes', () => {
  const CCM = '1.3.6.1.4.1.9.9.43.1.1';
  const JNX = '1.3.6.1.4.1.2636.3.18.1';
  const upTime = (value: number): TestVarbind => ticks('1.3.6.1.2.1.1.3.0', value);

  it('are events only when the counter moves, dated by the uptime', () => {
    const world = new SnmpWorld();
    world.table([upTime(600_000), ticks(`${CCM}.1.0`, 500_000)]);
    world.now += 5 * MINUTE;
    expect(bodies(world.table([upTime(630_000), ticks(`${CCM}.1.0`, 500_000)]), 'event')).toEqual([]);
    world.now += 5 * MINUTE;
    const event = world.table([upTime(660_000), ticks(`${CCM}.1.0`, 648_000)]).find(({ fact }) => fact === 'event');
    expect(event).toMatchObject({
      category: 'configuration',
      action: 'config_change',
      code: 'ccmHistoryRunningLastChanged',
      observedAt: T0 + 8 * MINUTE,
    });
  });

  it('the boot of a device is no change', () => {
    const world = new SnmpWorld();
    world.table([upTime(600_000), ticks(`${CCM}.1.0`, 500_000)]);
    world.now += 5 * MINUTE;
    const events = bodies(world.table([upTime(3000), ticks(`${CCM}.1.0`, 2000)]), 'event');
    expect(events).toMatchObject([{ action: 'device_restart' }]);
  });

  it('Cisco history rows name user and address, each once', () => {
    const world = new SnmpWorld();
    const row = (index: number, user: string): TestVarbind[] => [
      ticks(`${CCM}.6.1.2.${index}`, 1000),
      integer(`${CCM}.6.1.3.${index}`, 1),
      integer(`${CCM}.6.1.4.${index}`, 2),
      integer(`${CCM}.6.1.5.${index}`, 3),
      text(`${CCM}.6.1.8.${index}`, user),
      ipAddress(`${CCM}.6.1.10.${index}`, '192.0.2.77'),
    ];
    expect(bodies(world.table(row(4, 'old')), 'event')).toEqual([]);
    expect(bodies(world.table([...row(4, 'old'), ...row(5, 'alice')]), 'event')).toEqual([
      {
        category: 'configuration',
        action: 'config_change',
        code: 'ccmHistoryEvent',
        user: 'alice',
        sourceIp: '192.0.2.77',
        extra: {
          'ascribe.config.source': 'commandSource',
          'ascribe.config.destination': 'running',
          'ascribe.config.command_source': 'commandLine',
        },
      },
    ]);
    expect(bodies(world.table([...row(4, 'old'), ...row(5, 'alice')]), 'event')).toEqual([]);
  });

  it('Arista history rows, without a user', () => {
    const world = new SnmpWorld();
    const A = '1.3.6.1.4.1.30065.3.9.1.1.2.1';
    const row = (index: number): TestVarbind[] => [
      integer(`${A}.3.${index}`, 0),
      integer(`${A}.4.${index}`, 3),
      integer(`${A}.5.${index}`, 4),
    ];
    expect(bodies(world.table(row(26)), 'event')).toEqual([]);
    expect(bodies(world.table([...row(26), ...row(27)]), 'event')).toEqual([
      {
        category: 'configuration',
        action: 'config_save',
        code: 'aristaCmdHistoryEvent',
        extra: {
          'ascribe.config.source': 'running',
          'ascribe.config.destination': 'startup',
          'ascribe.config.command_source': 'commandLine',
        },
      },
    ]);
  });

  it('Juniper states user and time', () => {
    const world = new SnmpWorld();
    const latest = (index: number): TestVarbind[] => [
      integer(`${JNX}.1.0`, index),
      octets(`${JNX}.3.0`, '07ea 0b18 03 04 05 00 2b 01 00'),
      integer(`${JNX}.4.0`, 2),
      text(`${JNX}.5.0`, 'bob'),
    ];
    expect(bodies(world.table(latest(9)), 'event')).toEqual([]);
    const event = world.table(latest(10)).find(({ fact }) => fact === 'event');
    expect(event).toMatchObject({
      action: 'config_change',
      user: 'bob',
      observedAt: Date.UTC(2026, 10, 24, 2, 4, 5),
      timeQuality: 'ok',
      extra: { 'ascribe.config.source': 'cli' },
    });
  });
});

describe('tunnels and sessions', () => {
  it('CISCO-IPSEC-FLOW-MONITOR-MIB', () => {
    const K = '1.3.6.1.4.1.9.9.171.1.2.3.1';
    const rows = [octets(`${K}.4.3`, 'c0000201'), octets(`${K}.8.3`, 'c6336407'), integer(`${K}.35.3`, 1)];
    expect(bodies(new SnmpWorld().table(rows), 'inventory')).toEqual([
      {
        kind: 'tunnel',
        id: 'ike 3',
        extra: {
          'ascribe.tunnel.type': 'ike',
          'ascribe.tunnel.local': '192.0.2.1',
          'ascribe.tunnel.remote': '198.51.100.7',
          'ascribe.tunnel.status': 'up',
        },
      },
    ]);
  });

  it('the networks of a Cisco tunnel', () => {
    const K = '1.3.6.1.4.1.9.9.171.1.3.3.1';
    expect(
      bodies(new SnmpWorld().table([octets(`${K}.4.9.1`, '0a000000'), octets(`${K}.10.9.1`, '0a010000')]), 'inventory'),
    ).toEqual([
      {
        kind: 'tunnel',
        id: 'selector 9.1',
        extra: {
          'ascribe.tunnel.type': 'selector',
          'ascribe.tunnel.of': 'ipsec 9',
          'ascribe.tunnel.local_network': '10.0.0.0',
          'ascribe.tunnel.remote_network': '10.1.0.0',
        },
      },
    ]);
  });

  it('JUNIPER-IPSEC-FLOW-MON-MIB: the remote gateway is in the index', () => {
    const ike = '1.3.6.1.4.1.2636.3.52.1.1.2.1';
    const ipsec = '1.3.6.1.4.1.2636.3.52.1.2.2.1';
    const facts = new SnmpWorld().table([
      octets(`${ike}.4.1.4.198.51.100.7.21`, 'c0 00 02 01'),
      integer(`${ike}.6.1.4.198.51.100.7.21`, 1),
      text(`${ike}.14.1.4.198.51.100.7.21`, 'branch-7'),
      octets(`${ipsec}.5.1.4.198.51.100.7.131073`, 'c0 00 02 01'),
      text(`${ipsec}.6.1.4.198.51.100.7.131073`, 'ipv4_subnet(any:0,[0..7]=10.1.0.0/16)'),
      text(`${ipsec}.7.1.4.198.51.100.7.131073`, 'ipv4_subnet(any:0,[0..7]=10.7.0.0/16)'),
      integer(`${ike}.6.1.4.198.51`, 1),
    ]);
    expect(bodies(facts, 'inventory')).toEqual([
      {
        kind: 'tunnel',
        id: 'ike 1.4.198.51.100.7.21',
        extra: {
          'ascribe.tunnel.type': 'ike',
          'ascribe.tunnel.local': '192.0.2.1',
          'ascribe.tunnel.remote': '198.51.100.7',
          'ascribe.tunnel.remote_identity': 'branch-7',
          'ascribe.tunnel.status': 'up',
        },
      },
      {
        kind: 'tunnel',
        id: 'ipsec 1.4.198.51.100.7.131073',
        extra: {
          'ascribe.tunnel.type': 'ipsec',
          'ascribe.tunnel.local': '192.0.2.1',
          'ascribe.tunnel.remote': '198.51.100.7',
          'ascribe.tunnel.local_network': 'ipv4_subnet(any:0,[0..7]=10.1.0.0/16)',
          'ascribe.tunnel.remote_network': 'ipv4_subnet(any:0,[0..7]=10.7.0.0/16)',
        },
      },
    ]);
    expect(bodies(facts, 'rejected')).toMatchObject([{ reason: 'snmp_bad_index' }]);
  });

  it('FORTINET-FORTIGATE-MIB: an index of one or two numbers', () => {
    const K = '1.3.6.1.4.1.12356.101.12.2.2.1';
    const rows = ['1', '2.1'].flatMap((index) => [
      text(`${K}.2.${index}`, 'to-peer'),
      ipAddress(`${K}.4.${index}`, '198.51.100.7'),
      integer(`${K}.20.${index}`, 2),
    ]);
    expect(bodies(new SnmpWorld().table(rows), 'inventory')).toMatchObject([
      { kind: 'tunnel', id: 'ipsec 1', name: 'to-peer', extra: { 'ascribe.tunnel.status': 'up' } },
      { kind: 'tunnel', id: 'ipsec 2.1', name: 'to-peer' },
    ]);
  });

  it('fgIpSessTable, capped', () => {
    const K = '1.3.6.1.4.1.12356.101.11.2.1.1';
    const rows: TestVarbind[] = [];
    for (let i = 1; i <= 10_003; i++) {
      rows.push(integer(`${K}.2.${i}`, 6), ipAddress(`${K}.3.${i}`, '192.0.2.1'), integer(`${K}.4.${i}`, 50000));
      rows.push(ipAddress(`${K}.5.${i}`, '198.51.100.7'), integer(`${K}.6.${i}`, 443), integer(`${K}.8.${i}`, 1));
    }
    const facts = new SnmpWorld().table(rows);
    expect(bodies(facts, 'session_log')).toHaveLength(10_000);
    expect(bodies(facts, 'session_log')[0]).toEqual({
      action: 'session_update',
      source: { ip: '192.0.2.1', port: 50000 },
      destination: { ip: '198.51.100.7', port: 443 },
      directionSource: 'stated',
      protocol: 6,
      extra: { 'ascribe.vdom': 1 },
    });
    expect(bodies(facts, 'gap')).toEqual([{ kind: 'row_cap', missing: 3n, unit: 'records', detail: 'fgIpSessTable' }]);
  });
});

describe('routes (RFC 4292), where they are asked for', () => {
  const K = '1.3.6.1.2.1.4.24.7.1';
  const routes = (...indexes: readonly string[]): TestVarbind[] =>
    indexes.flatMap((index) => [
      integer(`${K}.7.${index}`, 3),
      integer(`${K}.8.${index}`, 4),
      integer(`${K}.9.${index}`, 14),
    ]);

  it('name destination, next hop, interface and protocol', () => {
    const world = new SnmpWorld();
    const facts = world.table(
      routes(
        '1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1',
        '1.4.198.51.100.0.24.0.0.0',
        '2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.32.3.1.2.3.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1',
      ),
    );
    expect(bodies(facts, 'inventory')).toEqual([
      {
        kind: 'route',
        id: '0.0.0.0/0 192.0.2.1 3',
        name: '0.0.0.0/0',
        extra: {
          'observer.ingress.interface.id': 3,
          'ascribe.route.next_hop': '192.0.2.1',
          'ascribe.route.type': 'remote',
          'ascribe.route.protocol': 'bgp',
        },
      },
      expect.objectContaining({ id: '198.51.100.0/24 direct 3', name: '198.51.100.0/24' }),
      expect.objectContaining({ id: '2001:db8::/32 fe80::1 3', name: '2001:db8::/32' }),
    ]);
  });

  it.each([
    ['a prefix longer than the address', '1.4.192.0.2.0.33.0.1.4.192.0.2.1'],
    ['a policy that claims more numbers than there are', '1.4.192.0.2.0.24.4294967295.1.4.192.0.2.1'],
    ['no next hop', '1.4.192.0.2.0.24.0'],
    ['an unknown kind of address', '16.4.1.2.3.4.24.0.0.0'],
  ])('with %s are refused', (_name, index) => {
    const facts = new SnmpWorld().table(routes(index));
    expect(bodies(facts, 'inventory')).toEqual([]);
    expect(bodies(facts, 'rejected')).toMatchObject([{ reason: 'snmp_bad_index' }]);
  });
});

describe('users of remote access VPN', () => {
  const cisco = '1.3.6.1.4.1.9.9.392.1.3.21.1';

  it('CISCO-REMOTE-ACCESS-MONITOR-MIB: the user is in the index, addresses are octets or text', () => {
    const facts = new SnmpWorld().table([
      text(`${cisco}.2.5.97.108.105.99.101.77`, 'staff'),
      octets(`${cisco}.8.5.97.108.105.99.101.77`, '0a 01 02 03'),
      octets(`${cisco}.10.5.97.108.105.99.101.77`, 'cb 00 71 07'),
      text(`${cisco}.8.3.98.111.98.78`, '10.1.2.4'),
      text(`${cisco}.10.3.98.111.98.78`, '203.0.113.8'),
    ]);
    expect(bodies(facts, 'binding')).toEqual([
      {
        relation: 'ip-user',
        key: '10.1.2.3',
        value: 'alice',
        state: 'seen',
        extra: { 'source.ip': '203.0.113.7', 'ascribe.vpn_group': 'staff' },
      },
      { relation: 'ip-user', key: '10.1.2.4', value: 'bob', state: 'seen', extra: { 'source.ip': '203.0.113.8' } },
    ]);
  });

  it.each([
    ['a name shorter than it says', '9.97.108.105.99.101.77'],
    ['octets above 255', '2.97.300.77'],
    ['no session', '2.97.108'],
  ])('%s is refused', (_name, index) => {
    const facts = new SnmpWorld().table([octets(`${cisco}.8.${index}`, '0a 01 02 03')]);
    expect(bodies(facts, 'binding')).toEqual([]);
    expect(bodies(facts, 'rejected')).toMatchObject([{ reason: 'snmp_bad_index' }]);
  });

  it('FORTINET-FORTIGATE-MIB; a tunnel without an address yet is nobody', () => {
    const K = '1.3.6.1.4.1.12356.101.12.2.4.1';
    const row = (index: number, ip: string): TestVarbind[] => [
      integer(`${K}.2.${index}`, 1),
      text(`${K}.3.${index}`, 'carol'),
      ipAddress(`${K}.4.${index}`, '203.0.113.9'),
      ipAddress(`${K}.5.${index}`, ip),
    ];
    expect(bodies(new SnmpWorld().table([...row(1, '10.212.134.200'), ...row(2, '0.0.0.0')]), 'binding')).toEqual([
      {
        relation: 'ip-user',
        key: '10.212.134.200',
        value: 'carol',
        state: 'seen',
        extra: { 'source.ip': '203.0.113.9', 'ascribe.vdom': 1 },
      },
    ]);
  });
});

describe('what firewalls count', () => {
  it('fgFwPolStatsTable: which rules carry traffic, the wide counter first; again only when it moves', () => {
    const K = '1.3.6.1.4.1.12356.101.5.1.2.1.1';
    const rows = (wide: string): TestVarbind[] => [
      counter(`${K}.2.1.7`, 5),
      counter(`${K}.3.1.7`, 600),
      text(`${K}.4.1.7`, '2026-11-24 01:59:58'),
      counter64(`${K}.5.1.7`, wide),
      counter64(`${K}.6.1.7`, '18446744073709551615'),
    ];
    const world = new SnmpWorld();
    expect(bodies(world.table(rows('4294967301')), 'inventory')).toEqual([
      {
        kind: 'rule',
        id: '1.7',
        extra: {
          'rule.id': '7',
          'ascribe.vdom': 1,
          'ascribe.rule.packets': '4294967301',
          'ascribe.rule.bytes': '18446744073709551615',
          'ascribe.rule.last_used': '2026-11-24 01:59:58',
        },
      },
    ]);
    expect(bodies(world.table(rows('4294967301')), 'inventory')).toEqual([]);
    expect(bodies(world.table(rows('4294967302')), 'inventory')).toHaveLength(1);
  });

  it('panSession: how many sessions, and how many the firewall decrypts', () => {
    const K = '1.3.6.1.4.1.25461.2.1.2.3';
    const values = [2, 262_142, 5123, 4000, 1100, 23, 311];
    const facts = new SnmpWorld().table(values.map((value, at) => integer(`${K}.${at + 1}.0`, value)));
    expect(bodies(facts, 'inventory')).toEqual([
      {
        kind: 'device',
        id: 'sessions',
        extra: {
          'ascribe.sessions.active': 5123,
          'ascribe.sessions.tcp': 4000,
          'ascribe.sessions.udp': 1100,
          'ascribe.sessions.icmp': 23,
          'ascribe.sessions.ssl_proxy': 311,
          'ascribe.sessions.most': 262_142,
          'ascribe.sessions.used_percent': 2,
        },
      },
    ]);
  });
});

describe('what a device says of itself', () => {
  it('LLDP: the chassis id that its neighbours know it by', () => {
    const K = '1.0.8802.1.1.2.1.3';
    const facts = new SnmpWorld().table([
      integer(`${K}.1.0`, 4),
      octets(`${K}.2.0`, '02:00:5e:00:53:01'),
      text(`${K}.3.0`, 'core-1'),
    ]);
    expect(bodies(facts, 'inventory')).toEqual([
      { kind: 'device', id: 'lldp', name: 'core-1', extra: { 'ascribe.lldp.chassis': '02:00:5e:00:53:01' } },
    ]);
  });

  it('sysORTable: its modules, each once', () => {
    const K = '1.3.6.1.2.1.1.9.1.2';
    const facts = new SnmpWorld().table([
      objectId(`${K}.1`, '1.3.6.1.6.3.1'),
      objectId(`${K}.2`, '1.3.6.1.2.1.49'),
      objectId(`${K}.3`, '1.3.6.1.6.3.1'),
    ]);
    expect(bodies(facts, 'inventory')).toEqual([
      { kind: 'device', id: 'snmp modules', extra: { 'ascribe.snmp.modules': '1.3.6.1.2.1.49,1.3.6.1.6.3.1' } },
    ]);
  });

  it('entAliasMappingTable: which port of the chassis is which interface', () => {
    const world = new SnmpWorld();
    world.table([text('1.3.6.1.2.1.31.1.1.1.1.7', 'Gi1/0/7')]);
    const facts = world.table([
      objectId('1.3.6.1.2.1.47.1.3.2.1.2.1007.0', '1.3.6.1.2.1.2.2.1.1.7'),
      objectId('1.3.6.1.2.1.47.1.3.2.1.2.1008.0', '1.3.6.1.2.1.99.1.1.1.1.8'),
    ]);
    expect(bodies(facts, 'inventory')).toEqual([
      {
        kind: 'device',
        id: 'entity port 1007.0',
        name: 'Gi1/0/7',
        extra: { 'ascribe.entity.index': 1007, 'observer.ingress.interface.id': 7 },
      },
    ]);
  });
});

describe('a read that was cut short', () => {
  it.each([
    ['timeout', '', 'ifTable: timeout'],
    ['', 'vlan-10', 'ifTable vlan-10: incomplete'],
  ])('%s %s is a gap', (reason, context, detail) => {
    const facts: Fact[] = new SnmpWorld().table([], { table: 'ifTable', complete: false, reason, context });
    expect(bodies(facts, 'gap')).toEqual([{ kind: 'incomplete_read', detail }]);
    expect(facts.some((fact) => fact.fact === 'event')).toBe(false);
  });
});

it('exceptions and unknown objects give nothing', () => {
  const world = new SnmpWorld();
  world.table([
    ['1.3.6.1.2.1.1.5.0', 0x80, null],
    counter64('1.3.6.1.4.1.99999.1.0', '18446744073709551615'),
    counter64('1.3.6.1.2.1.31.1.1.1.6.1', '18446744073709551615'),
  ]);
  expect(world.normalizer.counters()).toMatchObject({ varbinds: 3, unknownVarbinds: 1, rejected: {} });
});
