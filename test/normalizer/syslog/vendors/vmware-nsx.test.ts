import { NSX_CASES } from './vmware-nsx.cases';
import { describeCases } from './cases';

describeCases('VMware NSX', NSX_CASES, {
  header: '<181>1 2026-11-24T02:10:00.000Z esx1 ',
  parser: 'vmware_nsx',
  device: 'esx1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
