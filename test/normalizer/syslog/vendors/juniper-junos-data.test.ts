import { JUNOS_DATA_CASES } from './juniper-junos-data.cases';
import { describeCases } from './cases';

describeCases('Juniper Junos, structured', JUNOS_DATA_CASES, {
  header: '<14>1 2026-11-24T02:10:00.000Z srx1 ',
  parser: 'juniper_junos',
  device: 'srx1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
