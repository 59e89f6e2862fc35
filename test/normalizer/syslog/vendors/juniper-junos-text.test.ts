import { JUNOS_TEXT_CASES } from './juniper-junos-text.cases';
import { describeCases } from './cases';

describeCases('Juniper Junos, unstructured', JUNOS_TEXT_CASES, {
  header: '<14>2026-11-24T02:10:00Z srx1 ',
  parser: 'juniper_junos',
  device: 'srx1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
