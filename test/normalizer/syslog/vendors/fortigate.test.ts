import { FORTIGATE } from '../../../../normalizer/syslog/vendors/fortigate';
import { FORTIGATE_ROWS } from './fortigate.data';
import { factsOfLine } from './read-line';
import { describeRows, describeSoundness } from './vendor-rows';

describe('FortiGate', () => {
  describeRows(FORTIGATE, FORTIGATE_ROWS);
  describeSoundness(FORTIGATE, FORTIGATE_ROWS);

  it('names the device as configured rather than as the line does', () => {
    const [fact] = factsOfLine(FORTIGATE.example, { settings: { name: 'perimeter' } });

    expect(fact?.device).toBe('perimeter');
  });

  it('keeps the same session id of two virtual domains apart', () => {
    const keyIn = (vd: string): unknown =>
      factsOfLine(
        `<189>date=2026-11-24 time=02:10:00 logid="0000000013" type="traffic" subtype="forward" eventtime=1795486200 ` +
          `vd="${vd}" srcip=10.0.0.1 dstip=10.0.0.2 sessionid=5 proto=6 action="close"`,
      )[0];

    expect(keyIn('a')).toMatchObject({ sessionKey: 'a:5' });
    expect(keyIn('b')).toMatchObject({ sessionKey: 'b:5' });
  });
});
