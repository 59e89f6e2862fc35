import { ESXI_CASES } from './vmware-esxi.cases';
import { describeCases } from './cases';

describeCases('VMware ESXi', ESXI_CASES, {
  header: '<166>2026-11-24T02:10:00.000Z esx1 ',
  parser: 'vmware_esxi',
  device: 'esx1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});
