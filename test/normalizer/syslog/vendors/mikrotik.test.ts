import { MIKROTIK_CASES } from './mikrotik.cases';
import { describeCases } from './cases';

describeCases('MikroTik', MIKROTIK_CASES, {
  header: '<30>2026-11-24T02:10:00Z gw1 ',
  parser: 'mikrotik',
  device: 'gw1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
