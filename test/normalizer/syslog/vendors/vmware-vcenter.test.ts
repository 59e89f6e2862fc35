import { VCENTER_CASES } from './vmware-vcenter.cases';
import { describeCases } from './cases';

describeCases('VMware vCenter', VCENTER_CASES, {
  header: '<14>1 2026-11-24T02:10:00.000Z vc1 ',
  parser: 'vmware_vcenter',
  device: 'vc1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
