import { UNIX_LOGINS } from '../../../../normalizer/syslog/vendors/unix-auth';
import { UNIX_AUTH_ROWS } from './unix-auth.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe('logins and commands of Unix', () => {
  describeRows(UNIX_LOGINS, UNIX_AUTH_ROWS);
  describeSoundness(UNIX_LOGINS, UNIX_AUTH_ROWS);
});
