import { ULOGD } from '../../../../normalizer/syslog/vendors/ulogd';
import { factsOfLine } from './read-line';
import { ULOGD_ROWS } from './ulogd.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe('conntrack events', () => {
  describeRows(ULOGD, ULOGD_ROWS);
  describeSoundness(ULOGD, ULOGD_ROWS);

  it('ends a translation under the key it began with', () => {
    const tuple =
      'ORIG: SRC=10.0.0.5 DST=198.51.100.7 PROTO=TCP SPT=51000 DPT=443 PKTS=1 BYTES=60 , ' +
      'REPLY: SRC=198.51.100.7 DST=203.0.113.4 PROTO=TCP SPT=443 DPT=61000 PKTS=1 BYTES=60';
    const bindingOf = (kind: string): object | undefined =>
      factsOfLine(`<30>Nov 24 02:10:00 gw ulogd[1]: [${kind}] ${tuple}`).find(({ fact }) => fact === 'binding');
    const pair = { relation: 'nat', key: 'TCP:203.0.113.4:61000', value: '10.0.0.5:51000' };

    expect(bindingOf('NEW')).toMatchObject({ ...pair, state: 'begin' });
    expect(bindingOf('DESTROY')).toMatchObject({ ...pair, state: 'end' });
    expect(bindingOf('UPDATE')).toBeUndefined();
  });
});
