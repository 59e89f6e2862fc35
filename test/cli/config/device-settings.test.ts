import fc from 'fast-check';
import { settingsFor } from '../../../cli/config/device-settings';
import { parseConfig } from '../../../cli/config/load';
import { networkHas, parseNetwork } from '../../../cli/config/network';
import { addressBytes } from '../../../normalizer/model/address';

const { devices } = parseConfig(
  `devices:
  - {name: site, addresses: [10.0.0.0/8, "2001:db8::/32"], timezone: Europe/Berlin, scope: berlin}
  - {name: branch, addresses: [10.1.0.0/16], relay: true}
  - {name: fw, addresses: [10.1.2.3], profile: cisco_asa, sampling_rate: 100, sampling_override: true}
`,
  'test',
);

describe('device settings', () => {
  const settings = settingsFor(devices);

  it.each([
    ['the only network that has it', '10.9.9.9', 'site'],
    ['the longer of two networks', '10.1.9.9', 'branch'],
    ['the address itself', '10.1.2.3', 'fw'],
    ['an IPv6 network', '2001:db8:9::1', 'site'],
    ['an IPv4 address mapped into IPv6', '::ffff:10.1.2.3', 'fw'],
    ['nobody', '192.0.2.1', undefined],
    ['nobody, for what is no address', 'router', undefined],
  ])('come from %s', (_name, address, expected) => {
    expect(settings(address).name).toBe(expected);
    expect(settings(address)).toBe(settings(address));
  });

  it('hold what was configured and nothing else', () => {
    expect(settings('10.1.2.3')).toEqual({
      name: 'fw',
      relay: false,
      profile: 'cisco_asa',
      samplingRate: 100,
      samplingOverride: true,
    });
    expect(settings('10.9.9.9')).toMatchObject({ timezone: 'Europe/Berlin', scope: 'berlin' });
    expect(settings('192.0.2.1')).toEqual({});
  });

  it('answer a flood of forged senders', () => {
    for (let i = 0; i < 70_000; i++) settings(`172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`);
    expect(settings('10.1.2.3').name).toBe('fw');
  });
});

describe('networks', () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

  it('hold exactly the addresses that begin with their prefix', () => {
    fc.assert(
      fc.property(octets, octets, fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
        const value = (parts: number[]): bigint => parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
        const shift = BigInt(32 - bits);
        const first = (value(a) >> shift) << shift;
        const text = [24n, 16n, 8n, 0n].map((by) => (first >> by) & 255n).join('.');
        const network = parseNetwork(`${text}/${bits}`);
        if (typeof network === 'string') throw new Error(network);
        expect(networkHas(network, Uint8Array.from(b))).toBe(value(b) >> shift === first >> shift);
        expect(networkHas(network, Uint8Array.from(a))).toBe(true);
      }),
    );
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.1', '10.0.0.1/32'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['::ffff:10.0.0.1', '10.0.0.1/32'],
  ])('%s is %s', (text, expected) => {
    expect(parseNetwork(text)).toMatchObject({ text: expected });
  });

  it('keep the families apart', () => {
    const all = parseNetwork('0.0.0.0/0');
    expect(typeof all !== 'string' && networkHas(all, addressBytes('2001:db8::1') ?? new Uint8Array())).toBe(false);
  });
});
