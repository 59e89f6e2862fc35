import { UNIX_CASES } from './unix-auth.cases';
import { describeCases } from './cases';

describeCases('Unix logins', UNIX_CASES, {
  header: '<38>2026-11-24T02:10:00Z gw1 ',
  parser: 'unix_auth',
  device: 'gw1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
