import { IOS_CASES } from './cisco-ios.cases';
import { describeCases } from './cases';

describeCases('Cisco IOS', IOS_CASES, {
  header: '<189>29: rtr1: Nov 24 2026 02:10:00.000 UTC: ',
  parser: 'cisco_ios',
  device: 'rtr1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
