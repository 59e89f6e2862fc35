import fc from 'fast-check';
import { isIP } from 'node:net';
import type { Fact } from '../../../../normalizer/model/facts';
import { VENDORS } from '../../../../normalizer/syslog/registry';
import { ASA_CASES } from './cisco-asa.cases';
import { EOS_CASES } from './arista-eos.cases';
import { ESXI_CASES } from './vmware-esxi.cases';
import { FTD_CASES } from './cisco-ftd.cases';
import { IOS_CASES } from './cisco-ios.cases';
import { JUNOS_DATA_CASES } from './juniper-junos-data.cases';
import { JUNOS_TEXT_CASES } from './juniper-junos-text.cases';
import { MIKROTIK_CASES } from './mikrotik.cases';
import { NETFILTER_CASES } from './netfilter.cases';
import { NSX_CASES } from './vmware-nsx.cases';
import { NXOS_CASES } from './cisco-nxos.cases';
import { SAMPLES, fill, type VendorCase } from './cases';
import { UNIX_CASES } from './unix-auth.cases';
import { VCENTER_CASES } from './vmware-vcenter.cases';
import { XR_CASES } from './cisco-iosxr.cases';
import { factsOfLine } from './read-line';

/** Header and cases by vendor; what a damaged line must not do is the same for all. */
const VENDOR_LINES: readonly (readonly [name: string, header: string, cases: readonly VendorCase[]])[] = [
  ['cisco_asa', '<166>Nov 24 2026 02:10:00 fw1 : ', ASA_CASES],
  ['cisco_ftd', '<166>2026-11-24T02:10:00Z ftd1 : ', FTD_CASES],
  ['cisco_ios', '<189>29: rtr1: Nov 24 2026 02:10:00.000 UTC: ', IOS_CASES],
  ['cisco_iosxr', '<189>40: xr1 RP/0/RP0/CPU0:2026 Nov 24 02:10:00.000 UTC: ', XR_CASES],
  ['cisco_nxos', '<189>: 2026 Nov 24 02:10:00 UTC: ', NXOS_CASES],
  ['arista_eos', '<165>2026-11-24T02:10:00+00:00 leaf1 ', EOS_CASES],
  ['juniper_junos', '<14>1 2026-11-24T02:10:00.000Z srx1 ', JUNOS_DATA_CASES],
  ['juniper_junos', '<14>2026-11-24T02:10:00Z srx1 ', JUNOS_TEXT_CASES],
  ['netfilter', '<4>2026-11-24T02:10:00Z gw1 ', NETFILTER_CASES],
  ['mikrotik', '<30>2026-11-24T02:10:00Z gw1 ', MIKROTIK_CASES],
  ['vmware_esxi', '<166>2026-11-24T02:10:00.000Z esx1 ', ESXI_CASES],
  ['vmware_vcenter', '<14>1 2026-11-24T02:10:00.000Z vc1 ', VCENTER_CASES],
  ['vmware_nsx', '<181>1 2026-11-24T02:10:00.000Z esx1 ', NSX_CASES],
  ['unix_auth', '<38>2026-11-24T02:10:00Z gw1 ', UNIX_CASES],
];

/** Cut short, a stretch taken out, something put in, two places swapped. */
function damaged(line: string, at: number, length: number, junk: string): string {
  const from = at % (line.length + 1);
  return line.slice(0, from) + junk + line.slice(from + length);
}

function expectSound(facts: readonly Fact[]): void {
  for (const fact of facts) {
    if (fact.fact === 'rejected') expect(fact.reason).not.toBe('syslog_vendor_fault');
    if (fact.fact !== 'session_log') continue;
    for (const side of [fact.source, fact.destination]) {
      for (const ip of [side.ip, side.natIp]) if (ip !== undefined) expect(isIP(ip)).toBeGreaterThan(0);
      for (const port of [side.port, side.natPort]) {
        if (port !== undefined) expect(port).toBeLessThanOrEqual(65_535);
      }
      // An unchanged address is no translation.
      if (side.natIp !== undefined && side.natIp === side.ip) expect(side.natPort).not.toBe(side.port);
    }
    if (fact.protocol !== undefined) expect(fact.protocol).toBeLessThanOrEqual(255);
  }
}

describe('damaged lines', () => {
  test.each(VENDOR_LINES)('%s: %s', (_name, header, cases) => {
    const lines = cases.flatMap(({ line }) => SAMPLES.map((sample) => header + String(fill(line, sample))));
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(400),
        fc.nat(40),
        fc.oneof(
          fc.constant(''),
          fc.string({ maxLength: 12 }),
          fc.constantFrom('(', ')', '->', ':', '/', '"', '[', ' '),
        ),
        (which, at, length, junk) => {
          expectSound(factsOfLine(damaged(lines[which] ?? '', at, length, junk)));
        },
      ),
      { numRuns: 400 },
    );
  });

  test.each(VENDORS.map((vendor): [string, string] => [vendor.name, vendor.example]))(
    '%s reads its own example',
    (name, example) => {
      const facts = factsOfLine(example);
      expect(facts.length).toBeGreaterThan(0);
      expect(new Set(facts.map(({ parser }) => parser))).toEqual(new Set([name]));
    },
  );
});
