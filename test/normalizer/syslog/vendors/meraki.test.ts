import { MERAKI } from '../../../../normalizer/syslog/vendors/meraki';
import { MERAKI_ROWS } from './meraki.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe('Cisco Meraki', () => {
  describeRows(MERAKI, MERAKI_ROWS);
  describeSoundness(MERAKI, MERAKI_ROWS);
});
