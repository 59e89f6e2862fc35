import { commandAnalytic } from '../command-analytic';

/** What the hypervisor does inside its guests. */
export const AN0646 = commandAnalytic({
  id: 'AN0646',
  strategy: 'DET0232',
  techniques: ['T1675'],
  platform: 'ESXi',
  title: 'Operation inside a guest from the hypervisor',
  text: 'A program was started or a file moved inside a VM through VMware Tools: it leaves no trace on the network.',
  needs: ['host_logs'],
  severity: 'medium',
  falsePositives: 'Backup and deployment products.',
  mutable: { AllowedUsers: 'Accounts that use guest operations' },
  phrases: {},
  actions: { guest_operation: 'guest_operation', guest_start_program: 'guest_operation' },
});
