import { NETFILTER_CASES } from './netfilter.cases';
import { describeCases } from './cases';

describeCases('netfilter', NETFILTER_CASES, {
  header: '<4>2026-11-24T02:10:00Z gw1 ',
  parser: 'netfilter',
  device: 'gw1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
