import { commandAnalytic } from '../command-analytic';

/** VMs listed by hand. */
export const AN0572 = commandAnalytic({
  id: 'AN0572',
  strategy: 'DET0199',
  techniques: ['T1673'],
  platform: 'ESXi',
  title: 'VMs of a host listed from its shell',
  text: 'Somebody listed the VMs of the host by hand.',
  needs: ['commands'],
  severity: 'low',
  falsePositives: 'Administrators.',
  mutable: { AllowedUsers: 'Accounts that work on the hosts' },
  phrases: { enumeration: ['vim-cmd vmsvc/getallvms', 'vmsvc/getallvms', 'esxcli vm process list', 'vm process list'] },
});
