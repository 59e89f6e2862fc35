import { CHECKPOINT } from '../../../../normalizer/syslog/vendors/checkpoint';
import { CHECKPOINT_ROWS } from './checkpoint.data';
import { factsOfLine } from './read-line';
import { describeRows, describeSoundness } from './vendor-rows';

describe('Check Point', () => {
  describeRows(CHECKPOINT, CHECKPOINT_ROWS);
  describeSoundness(CHECKPOINT, CHECKPOINT_ROWS);

  it.each(['0.0.0.0', '', '::'])('takes the translated address %p for no translation', (address) => {
    const [fact] = factsOfLine(
      `<134>1 2026-11-24T02:10:00Z gw CheckPoint 1 - [action:"Accept"; origin:"192.0.2.20"; product:"VPN-1 & FireWall-1"; ` +
        `version:"5"; loguid:"{0x1}"; src:"10.0.0.1"; s_port:"5"; dst:"10.0.0.2"; service:"6"; proto:"6"; ` +
        `xlatesrc:"${address}"; xlatesport:"0"]`,
    );

    expect(fact).toMatchObject({ fact: 'session_log', source: { ip: '10.0.0.1', port: 5 } });
    expect(fact).not.toHaveProperty('source.natIp');
    expect(fact).not.toHaveProperty('source.natPort');
  });
});
