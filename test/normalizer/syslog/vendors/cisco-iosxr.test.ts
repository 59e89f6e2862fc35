import { XR_CASES } from './cisco-iosxr.cases';
import { describeCases } from './cases';

describeCases('Cisco IOS-XR', XR_CASES, {
  header: '<189>40: xr1 RP/0/RP0/CPU0:2026 Nov 24 02:10:00.000 UTC: ',
  parser: 'cisco_iosxr',
  device: 'xr1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
