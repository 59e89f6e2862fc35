import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PFSENSE } from '../../../../normalizer/syslog/vendors/pfsense';
import { PFSENSE_ROWS } from './pfsense.data';
import { factsOfLine } from './read-line';
import { describeRows, describeSoundness } from './vendor-rows';

const SAMPLES = join(__dirname, '../../../../../shared/data/syslog/crowdsec-hub');
const withSamples = existsSync(SAMPLES) ? it : it.skip;

/** What stands at the fixed places of a filterlog line of IPv4 with ports. */
function columnsOf(line: string): Record<string, unknown> {
  const columns = line.slice(line.lastIndexOf(' ') < 0 ? 0 : line.search(/\d+,,,/)).split(',');
  return {
    source: { ip: columns[18], port: Number(columns[20]) },
    destination: { ip: columns[19], port: Number(columns[21]) },
    protocol: Number(columns[15]),
    action: columns[6] === 'pass' ? 'allowed' : 'denied',
    ruleId: columns[0],
    [columns[7] === 'in' ? 'ingressInterface' : 'egressInterface']: columns[4],
  };
}

describe('pfSense and OPNsense', () => {
  describeRows(PFSENSE, PFSENSE_ROWS);
  describeSoundness(PFSENSE, PFSENSE_ROWS);

  withSamples.each(['pf-logs.log', 'pfsense-rfc5424-filterlog.log'])(
    'reads every IPv4 line of the sample %s',
    (file) => {
      const lines = readFileSync(join(SAMPLES, file), 'utf8').split('\n');
      const filter = lines.filter(
        (line) => line.includes('filterlog') && /,(tcp|udp),/.test(line) && /,(in|out),4,/.test(line),
      );

      expect(filter.length).toBeGreaterThan(0);
      for (const line of filter) {
        expect(factsOfLine(line, { receivedAt: Date.UTC(2025, 11, 1) })).toMatchObject([columnsOf(line)]);
      }
    },
  );
});
