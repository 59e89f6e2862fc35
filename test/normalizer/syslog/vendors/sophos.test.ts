import { SOPHOS } from '../../../../normalizer/syslog/vendors/sophos';
import { SOPHOS_ROWS } from './sophos.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe('Sophos Firewall', () => {
  describeRows(SOPHOS, SOPHOS_ROWS);
  describeSoundness(SOPHOS, SOPHOS_ROWS);
});
