import { EOS_CASES } from './arista-eos.cases';
import { describeCases } from './cases';

describeCases('Arista EOS', EOS_CASES, {
  header: '<165>2026-11-24T02:10:00+00:00 leaf1 ',
  parser: 'arista_eos',
  device: 'leaf1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
