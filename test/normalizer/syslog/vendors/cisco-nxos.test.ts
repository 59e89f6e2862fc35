import { NXOS_CASES } from './cisco-nxos.cases';
import { describeCases } from './cases';

describeCases('Cisco NX-OS', NXOS_CASES, {
  header: '<189>: 2026 Nov 24 02:10:00 UTC: ',
  parser: 'cisco_nxos',
  device: '192.0.2.250',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
