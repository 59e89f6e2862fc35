import { FTD_CASES } from './cisco-ftd.cases';
import { describeCases } from './cases';

describeCases('Cisco FTD', FTD_CASES, {
  header: '<166>2026-11-24T02:10:00Z ftd1 : ',
  parser: 'cisco_ftd',
  device: 'ftd1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
