import { SONICWALL } from '../../../../normalizer/syslog/vendors/sonicwall';
import { factsOfLines } from './read-line';
import { SONICWALL_ROWS } from './sonicwall.data';
import { describeRows, describeSoundness } from './vendor-rows';

/** A message of the given id and running number. */
function numbered(id: number, number: number): string {
  return (
    `<134>id=firewall sn=18B169D1D630 time="2026-11-24 02:10:00 UTC" fw=203.0.113.9 pri=6 c=1024 m=${id} ` +
    `msg="Connection Closed" n=${number} src=10.0.0.5:51000:X0 dst=198.51.100.7:443:X1 proto=tcp/https`
  );
}

describe('SonicWall', () => {
  describeRows(SONICWALL, SONICWALL_ROWS);
  describeSoundness(SONICWALL, SONICWALL_ROWS);

  it('counts each message id by its own numbers', () => {
    const whole = factsOfLines([numbered(537, 1), numbered(98, 7), numbered(537, 2), numbered(98, 8)]);
    const holed = factsOfLines(
      [1, ...Array.from({ length: 70 }, (_, i) => 4 + i)].map((number) => numbered(537, number)),
    );

    expect(whole.filter(({ fact }) => fact === 'gap')).toEqual([]);
    expect(holed.filter(({ fact }) => fact === 'gap')).toMatchObject([{ missing: 2n }]);
  });
});
