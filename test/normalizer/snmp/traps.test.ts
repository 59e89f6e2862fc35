import fc from 'fast-check';
import {
  bodies,
  counter,
  counter64,
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

const head = (trapOid: string): TestVarbind[] => [
  ticks('1.3.6.1.2.1.1.3.0', 100),
  objectId('1.3.6.1.6.3.1.1.4.1.0', trapOid),
];
const facts = (
  trapOid: string,
  varbinds: readonly TestVarbind[],
  kind: 'event' | 'session_log' | 'binding' = 'event',
) => bodies(new SnmpWorld({ name: 'dev1' }).trap(trapOid, [...head(trapOid), ...varbinds]), kind);

describe('notifications of their own meaning', () => {
  const CCM = '1.3.6.1.4.1.9.9.43.1.1.6.1';
  const VM = [
    integer('1.3.6.1.4.1.6876.50.101.0', 28),
    text('1.3.6.1.4.1.6876.50.102.0', '/vmfs/volumes/ds1/web/web.vmx'),
    text('1.3.6.1.4.1.6876.2.1.1.2.28', 'web 1'),
  ];
  const vmExtra = {
    'ascribe.snmp.version': 'v2c',
    'ascribe.vm.name': 'web 1',
    'ascribe.vm.path': '/vmfs/volumes/ds1/web/web.vmx',
    'ascribe.vm.id': 28,
  };

  it.each<[name: string, trapOid: string, varbinds: TestVarbind[], event: object]>([
    [
      'coldStart (RFC 3418)',
      '1.3.6.1.6.3.1.1.5.1',
      [],
      { category: 'host', action: 'device_restart', code: 'coldStart' },
    ],
    [
      'linkDown (RFC 2863), named by the trap',
      '1.3.6.1.6.3.1.1.5.3',
      [integer('1.3.6.1.2.1.2.2.1.1.7', 7), text('1.3.6.1.2.1.2.2.1.2.7', 'GigabitEthernet1/0/7')],
      {
        category: 'network',
        action: 'interface_down',
        code: 'linkDown',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'observer.ingress.interface.id': 7,
          'observer.ingress.interface.name': 'GigabitEthernet1/0/7',
        },
      },
    ],
    [
      'linkUp without ifIndex: the index of another object',
      '1.3.6.1.6.3.1.1.5.4',
      [integer('1.3.6.1.2.1.2.2.1.7.9', 1)],
      { action: 'interface_up', extra: { 'ascribe.snmp.version': 'v2c', 'observer.ingress.interface.id': 9 } },
    ],
    [
      'authenticationFailure (RFC 3418)',
      '1.3.6.1.6.3.1.1.5.5',
      [],
      { category: 'authentication', action: 'snmp_authentication', outcome: 'failure' },
    ],
    [
      'ciscoConfigManEvent (CISCO-CONFIG-MAN-MIB)',
      '1.3.6.1.4.1.9.9.43.2.0.1',
      [integer(`${CCM}.3.12`, 1), integer(`${CCM}.4.12`, 2), integer(`${CCM}.5.12`, 3), text(`${CCM}.8.12`, 'alice')],
      {
        category: 'configuration',
        action: 'config_change',
        code: 'ciscoConfigManEvent',
        user: 'alice',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'ascribe.config.command_source': 'commandLine',
          'ascribe.config.source': 'commandSource',
          'ascribe.config.destination': 'running',
        },
      },
    ],
    [
      'jnxCmCfgChange (JUNIPER-CFGMGMT-MIB)',
      '1.3.6.1.4.1.2636.4.5.0.1',
      [integer('1.3.6.1.4.1.2636.3.18.1.7.1.4.54', 2), text('1.3.6.1.4.1.2636.3.18.1.7.1.5.54', 'bob')],
      {
        action: 'config_change',
        user: 'bob',
        extra: { 'ascribe.snmp.version': 'v2c', 'ascribe.config.source': 'cli' },
      },
    ],
    [
      'aristaConfigManEvent (ARISTA-CONFIG-MAN-MIB)',
      '1.3.6.1.4.1.30065.3.9.3.0.1',
      [integer('1.3.6.1.4.1.30065.3.9.1.1.2.1.3.27', 0), integer('1.3.6.1.4.1.30065.3.9.1.1.2.1.5.27', 6)],
      {
        action: 'config_change',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'ascribe.config.command_source': 'commandLine',
          'ascribe.config.destination': 'session',
        },
      },
    ],
    [
      'cikeTunnelStart (CISCO-IPSEC-FLOW-MONITOR-MIB)',
      '1.3.6.1.4.1.9.9.171.2.0.1',
      [octets('1.3.6.1.4.1.9.9.171.1.2.2.1.6.1', 'c0000201'), octets('1.3.6.1.4.1.9.9.171.1.2.2.1.7.1', 'c6336407')],
      {
        category: 'session',
        action: 'vpn_connect',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'ascribe.tunnel.local': '192.0.2.1',
          'ascribe.tunnel.remote': '198.51.100.7',
        },
      },
    ],
    [
      'fgTrapVpnTunDown (FORTINET-FORTIGATE-MIB)',
      '1.3.6.1.4.1.12356.101.2.0.302',
      [
        ipAddress('1.3.6.1.4.1.12356.101.12.3.2.0', '203.0.113.1'),
        ipAddress('1.3.6.1.4.1.12356.101.12.3.3.0', '203.0.113.2'),
        text('1.3.6.1.4.1.12356.101.12.3.4.0', 'to-peer'),
      ],
      {
        action: 'vpn_disconnect',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'ascribe.tunnel.local': '203.0.113.1',
          'ascribe.tunnel.remote': '203.0.113.2',
          'ascribe.tunnel.name': 'to-peer',
        },
      },
    ],
    [
      'panConfigTrap (PAN-TRAPS)',
      '1.3.6.1.4.1.25461.2.1.3.2.0.2',
      [
        text('1.3.6.1.4.1.25461.2.1.3.1.150.0', 'set'),
        text('1.3.6.1.4.1.25461.2.1.3.1.151.0', 'admin'),
        text('1.3.6.1.4.1.25461.2.1.3.1.154.0', 'vsys vsys1 rulebase'),
      ],
      {
        category: 'configuration',
        action: 'config_change',
        user: 'admin',
        command: 'set',
        extra: { 'ascribe.snmp.version': 'v2c', 'ascribe.config.path': 'vsys vsys1 rulebase' },
      },
    ],
    ['vmwVmPoweredOff (VMWARE-VMINFO-MIB)', '1.3.6.1.4.1.6876.4.1.0.2', VM, { action: 'vm_power_off', extra: vmExtra }],
    [
      'vmPoweredOff of ESX 3 (VMWARE-TRAPS-MIB)',
      '1.3.6.1.4.1.6876.0.2',
      VM,
      { action: 'vm_power_off', extra: vmExtra },
    ],
    [
      'clogMessageGenerated (CISCO-SYSLOG-MIB)',
      '1.3.6.1.4.1.9.9.41.2.0.1',
      [
        text('1.3.6.1.4.1.9.9.41.1.2.3.1.2.5', 'SYS'),
        text('1.3.6.1.4.1.9.9.41.1.2.3.1.5.5', 'Configured from console'),
      ],
      {
        action: 'message',
        message: 'Configured from console',
        extra: { 'ascribe.snmp.version': 'v2c', 'ascribe.message.facility': 'SYS' },
      },
    ],
  ])('%s', (_name, trapOid, varbinds, event) => {
    const [made, ...more] = facts(trapOid, varbinds);
    expect(made).toMatchObject(event);
    expect((made as { extra: object }).extra).toEqual(
      (event as { extra?: object }).extra ?? { 'ascribe.snmp.version': 'v2c' },
    );
    expect(more).toEqual([]);
  });

  it('a VM that was powered on is on that host', () => {
    expect(facts('1.3.6.1.4.1.6876.4.1.0.1', VM, 'binding')).toEqual([
      {
        relation: 'vm-host',
        key: 'web 1',
        value: 'dev1',
        state: 'seen',
        extra: { 'ascribe.vm.path': '/vmfs/volumes/ds1/web/web.vmx' },
      },
    ]);
  });

  it('a link is named by the tables that were read', () => {
    const world = new SnmpWorld();
    world.table([text('1.3.6.1.2.1.2.2.1.2.7', 'GigabitEthernet1/0/7'), text('1.3.6.1.2.1.31.1.1.1.1.7', 'Gi1/0/7')]);
    const [event] = bodies(world.trap('1.3.6.1.6.3.1.1.5.3', [integer('1.3.6.1.2.1.2.2.1.1.7', 7)]), 'event');
    expect(event).toMatchObject({ extra: { 'observer.ingress.interface.name': 'Gi1/0/7' } });
  });

  it('a Juniper change has the time it states', () => {
    const world = new SnmpWorld();
    const date = octets('1.3.6.1.4.1.2636.3.18.1.7.1.3.54', '07ea 0b17 17 04 05 00 2d 02 00');
    expect(world.trap('1.3.6.1.4.1.2636.4.5.0.1', [date])).toMatchObject([
      { observedAt: Date.UTC(2026, 10, 24, 1, 4, 5), timeQuality: 'ok' },
    ]);
  });

  it('who sent it and how well that is proved stays with the event', () => {
    const world = new SnmpWorld();
    const sent = { version: 'v3', user: 'traps', level: 'authPriv' };
    expect(bodies(world.trap('1.3.6.1.6.3.1.1.5.1', [], sent), 'event')).toMatchObject([
      { extra: { 'ascribe.snmp.version': 'v3', 'ascribe.snmp.user': 'traps', 'ascribe.snmp.level': 'authPriv' } },
    ]);
    const v1 = { version: 'v1', agentAddress: '192.0.2.99' };
    expect(bodies(world.trap('1.3.6.1.6.3.1.1.5.1', [], v1), 'event')).toMatchObject([
      { extra: { 'ascribe.snmp.version': 'v1', 'ascribe.snmp.agent_address': '192.0.2.99' } },
    ]);
  });
});

describe('panTrafficTrap (PAN-TRAPS)', () => {
  const TRAP = '1.3.6.1.4.1.25461.2.1.3.2.0.3';
  const P = '1.3.6.1.4.1.25461.2.1.3.1';
  const varbinds = [
    text(`${P}.3.0`, '001801000001'),
    text(`${P}.5.0`, 'end'),
    text(`${P}.7.0`, 'vsys1'),
    ipAddress(`${P}.50.0`, '192.0.2.1'),
    ipAddress(`${P}.51.0`, '198.51.100.7'),
    ipAddress(`${P}.52.0`, '203.0.113.5'),
    ipAddress(`${P}.53.0`, '198.51.100.7'),
    text(`${P}.54.0`, 'allow-web'),
    text(`${P}.55.0`, 'corp\\alice'),
    text(`${P}.57.0`, 'ssl'),
    text(`${P}.58.0`, 'trust'),
    text(`${P}.59.0`, 'untrust'),
    text(`${P}.60.0`, 'ethernet1/1'),
    text(`${P}.61.0`, 'ethernet1/2'),
    counter(`${P}.63.0`, 4711),
    counter(`${P}.65.0`, 50000),
    counter(`${P}.66.0`, 443),
    counter(`${P}.67.0`, 61000),
    counter(`${P}.68.0`, 443),
    text(`${P}.70.0`, 'tcp'),
    text(`${P}.71.0`, 'allow'),
    text(`${P}.72.0`, '2026/11/24 03:00:00'),
    counter64(`${P}.100.0`, '5000000000'),
    counter(`${P}.101.0`, 42),
    text(`${P}.105.0`, 'tcp-fin'),
    counter64(`${P}.126.0`, String(0x02005e005301)),
  ];

  it('is a session with its translation', () => {
    const world = new SnmpWorld({ name: 'fw1', timezone: 'Europe/Berlin' });
    const [fact] = world.trap(TRAP, [...head(TRAP), ...varbinds]);
    expect(fact).toEqual({
      rawSeq: 1,
      observedAt: T0,
      timeQuality: 'no_zone',
      device: 'fw1',
      parser: 'snmp',
      fact: 'session_log',
      action: 'session_end',
      source: {
        ip: '192.0.2.1',
        port: 50000,
        natIp: '203.0.113.5',
        natPort: 61000,
        user: 'corp\\alice',
        mac: '02:00:5e:00:53:01',
      },
      destination: { ip: '198.51.100.7', port: 443 },
      directionSource: 'stated',
      protocol: 6,
      bytes: 5_000_000_000n,
      packets: 42n,
      ruleName: 'allow-web',
      ingressInterface: 'ethernet1/1',
      egressInterface: 'ethernet1/2',
      ingressZone: 'trust',
      egressZone: 'untrust',
      user: 'corp\\alice',
      application: 'ssl',
      sessionKey: '4711',
      code: 'panTrafficTrap',
      reason: 'tcp-fin',
      extra: {
        'ascribe.vendor_action': 'allow',
        'panos.vsys': 'vsys1',
        'observer.serial_number': '001801000001',
      },
    });
  });

  it('prefers the addresses of any family to those of IPv4 only', () => {
    const v6 = [
      integer(`${P}.75.0`, 2),
      octets(`${P}.76.0`, '20010db8000000000000000000000001'),
      ipAddress(`${P}.50.0`, '0.0.0.0'),
      ipAddress(`${P}.52.0`, '0.0.0.0'),
    ];
    expect(facts(TRAP, v6, 'session_log')).toMatchObject([{ source: { ip: '2001:db8::1' } }]);
    expect(facts(TRAP, v6, 'session_log')).not.toHaveProperty([0, 'source', 'natIp']);
  });

  it.each([['2026/02/30 03:00:00'], ['yesterday']])('without a readable time (%s) has the receive time', (stamp) => {
    const world = new SnmpWorld();
    expect(world.trap(TRAP, [text(`${P}.72.0`, stamp)])).toMatchObject([
      { observedAt: T0, timeQuality: 'from_receipt' },
    ]);
  });
});

describe('other notifications', () => {
  it('are kept with the names that the catalogue has', () => {
    const varbinds = [
      integer('1.3.6.1.2.1.2.2.1.8.7', 2),
      text('1.3.6.1.4.1.99999.1.0', 'some text'),
      octets('1.3.6.1.4.1.99999.2.0', '00ff10'),
      counter64('1.3.6.1.4.1.99999.3.0', '18446744073709551615'),
    ];
    expect(facts('1.3.6.1.4.1.99999.0.1', varbinds)).toEqual([
      {
        category: 'host',
        action: 'trap',
        code: '1.3.6.1.4.1.99999.0.1',
        extra: {
          'ascribe.snmp.version': 'v2c',
          'ascribe.snmp.ifOperStatus.7': 2,
          'ascribe.snmp.1.3.6.1.4.1.99999.1.0': 'some text',
          'ascribe.snmp.1.3.6.1.4.1.99999.2.0': '0x00ff10',
          'ascribe.snmp.1.3.6.1.4.1.99999.3.0': '18446744073709551615',
        },
      },
    ]);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 100 }, (_unused, i) => text(`1.3.6.1.4.1.99999.1.${i}`, 'x'.repeat(5000)));
    const [event] = facts('1.3.6.1.4.1.99999.0.1', many) as { extra: Record<string, string> }[];
    const values = Object.values(event?.extra ?? {});
    expect(values).toHaveLength(33);
    expect(Math.max(...values.map(({ length }) => length))).toBe(512);
  });

  it('never make the normalizer fail', () => {
    const oid = fc.oneof(
      fc.constantFrom('1.3.6.1.2.1.2.2.1.1.7', '1.3.6.1.4.1.2636.3.18.1.7.1.3.1', '1.3.6.1.4.1.25461.2.1.3.1.50.0', ''),
      fc.string(),
    );
    const varbind = fc.tuple(oid, fc.integer(), fc.oneof(fc.integer(), fc.string(), fc.constant(null)));
    const trapOid = fc.constantFrom(
      '1.3.6.1.6.3.1.1.5.3',
      '1.3.6.1.4.1.2636.4.5.0.1',
      '1.3.6.1.4.1.25461.2.1.3.2.0.3',
      'x',
    );
    fc.assert(
      fc.property(trapOid, fc.array(varbind), (name, varbinds) => {
        const world = new SnmpWorld();
        const made = world.trap(name, varbinds);
        expect(made).toHaveLength(1);
        expect(made[0]?.fact).not.toBe('rejected');
      }),
    );
  });
});
