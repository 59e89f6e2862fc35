import { WATCHGUARD } from '../../../../normalizer/syslog/vendors/watchguard';
import { WATCHGUARD_ROWS } from './watchguard.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe('WatchGuard Firebox', () => {
  describeRows(WATCHGUARD, WATCHGUARD_ROWS);
  describeSoundness(WATCHGUARD, WATCHGUARD_ROWS);
});
