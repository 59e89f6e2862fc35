import { PANOS } from '../../../../normalizer/syslog/vendors/panos';
import { PANOS_ROWS } from './panos.data';
import { factsOfLine, factsOfLines } from './read-line';
import { describeRows, describeSoundness } from './vendor-rows';

/** A TRAFFIC line of a session with the given session id and sequence number. */
function traffic(vsys: string, session: number, sequence: number): string {
  return (
    `<14>Nov 24 02:10:00 pa 1,2026/11/24 02:10:00,0072,TRAFFIC,end,2561,2026/11/24 02:10:00,10.0.0.5,198.51.100.7,0.0.0.0,` +
    `0.0.0.0,r,,,ssl,${vsys},a,b,e1,e2,f,2026/11/24 02:10:00,${session},1,51000,443,0,0,0x0,tcp,allow,3,1,2,2,` +
    `2026/11/24 02:09:00,1,any,,${sequence},0x0`
  );
}

describe('PAN-OS', () => {
  describeRows(PANOS, PANOS_ROWS);
  describeSoundness(PANOS, PANOS_ROWS);

  it('keeps the same session id of two virtual systems apart', () => {
    expect(factsOfLine(traffic('vsys1', 7, 1))[0]).toMatchObject({ sessionKey: 'vsys1:7' });
    expect(factsOfLine(traffic('vsys2', 7, 1))[0]).toMatchObject({ sessionKey: 'vsys2:7' });
  });

  it('counts a hole in the sequence numbers of one log type', () => {
    const numbers = [100, 101, ...Array.from({ length: 70 }, (_, i) => 104 + i)];
    const facts = factsOfLines(numbers.map((number) => traffic('vsys1', number, number)));

    expect(facts.filter(({ fact }) => fact === 'gap')).toMatchObject([{ missing: 2n }]);
  });

  it.each([
    ['cut behind the ports', 26],
    ['cut behind the rule', 12],
    ['cut behind the type', 5],
  ])('reads what is there of a line %s', (_name, columns) => {
    const line = traffic('vsys1', 1, 1).split(',').slice(0, columns).join(',');

    expect(() => factsOfLine(line)).not.toThrow();
    for (const fact of factsOfLine(line)) expect(fact).not.toHaveProperty('bytes');
  });
});
