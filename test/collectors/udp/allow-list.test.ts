import fc from 'fast-check';
import { BlockList } from 'node:net';
import { AllowList } from '../../../collectors/udp/allow-list';

describe('AllowList', () => {
  const list = AllowList.parse([
    '192.0.2.0/24',
    '192.0.2.128/25',
    '198.51.100.7',
    '10.1.2.3/8',
    '2001:db8::/32',
    'fe80::1',
  ]);

  test.each([
    ['first of a prefix', '192.0.2.0', true],
    ['last of a prefix', '192.0.2.255', true],
    ['one before', '192.0.1.255', false],
    ['one after', '192.0.3.0', false],
    ['single address', '198.51.100.7', true],
    ['its neighbour', '198.51.100.8', false],
    ['host bits of a rule are ignored', '10.200.0.1', true],
    ['IPv6 in prefix', '2001:db8:ffff::1', true],
    ['IPv6 outside', '2001:db9::', false],
    ['zone is not looked at', 'fe80::1%eth0', true],
    ['IPv6 all ones', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', false],
    ['not an address', 'router1', false],
    ['empty', '', false],
  ])('%s', (_name, address, allowed) => {
    expect(list.allows(address)).toBe(allowed);
  });

  test.each([
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0/8',
    'host',
    '10.0.0.1/',
    '10.0.0.1/-1',
    '010.1.1.1',
    'fe80::%1/64',
    '',
  ])('refuses the rule %j', (rule) => {
    expect(() => AllowList.parse([rule])).toThrow(expect.objectContaining({ code: 'allow_list' }));
  });

  test('no rules let nobody in; everyone lets everybody in', () => {
    expect(AllowList.parse([]).allows('192.0.2.1')).toBe(false);
    expect(AllowList.everyone.allows('255.255.255.255')).toBe(true);
    expect(AllowList.everyone.allows('::')).toBe(true);
  });

  test('agrees with net.BlockList on random rules and addresses', () => {
    const v4 = fc.ipV4();
    const v6 = fc.ipV6().filter((text) => !text.includes('.'));
    const rule = fc.oneof(
      fc.tuple(v4, fc.integer({ min: 1, max: 32 })),
      fc.tuple(v6, fc.integer({ min: 1, max: 128 })),
    );
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 12 }),
        fc.array(fc.oneof(v4, v6), { maxLength: 20 }),
        (rules, addresses) => {
          // One oracle a family: BlockList lets IPv6 rules speak for IPv4 peers through mapped addresses; we keep them apart.
          const oracle = { ipv4: new BlockList(), ipv6: new BlockList() };
          for (const [address, length] of rules) oracle[family(address)].addSubnet(address, length, family(address));
          const ours = AllowList.parse(rules.map(([address, length]) => `${address}/${length}`));
          for (const address of [...addresses, ...rules.map(([address]) => address)]) {
            if (/^(0*:)*:*(ffff|FFFF):/.test(address)) continue;
            expect([address, ours.allows(address)]).toEqual([
              address,
              oracle[family(address)].check(address, family(address)),
            ]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
