import { DHCP } from '../../../../normalizer/syslog/vendors/dhcp';
import { DHCP_ROWS } from './dhcp.data';
import { factsOfLine } from './read-line';
import { describeRows, describeSoundness } from './vendor-rows';

describe('DHCP servers', () => {
  describeRows(DHCP, DHCP_ROWS);
  describeSoundness(DHCP, DHCP_ROWS);

  it.each([
    ['no free leases', 'DHCPDISCOVER from 02:00:5e:10:00:15 via eth0: network 10.20.0/24: no free leases'],
    ['refused', 'DHCPNAK on 10.20.0.15 to 02:00:5e:10:00:15 via eth0'],
    ['asked for', 'DHCPREQUEST for 10.20.0.15 (10.20.0.1) from 02:00:5e:10:00:15 (nb-15) via eth0'],
  ])('binds nothing when a lease is %s', (_name, text) => {
    const facts = factsOfLine(`<190>Nov 24 02:10:00 gw dhcpd[1]: ${text}`);

    expect(facts.filter(({ fact }) => fact === 'binding')).toEqual([]);
  });
});
