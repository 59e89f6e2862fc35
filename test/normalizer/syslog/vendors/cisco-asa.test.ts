import { ASA_CASES } from './cisco-asa.cases';
import { describeCases } from './cases';

describeCases('Cisco ASA', ASA_CASES, {
  header: '<166>Nov 24 2026 02:10:00 fw1 : ',
  parser: 'cisco_asa',
  device: 'fw1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
