import { commandAnalytic } from '../command-analytic';

/** Commands that stop, hide or open something on a hypervisor. */
export const AN1537 = commandAnalytic({
  id: 'AN1537',
  strategy: 'DET0558',
  techniques: ['T1059.012'],
  platform: 'ESXi',
  title: 'Hypervisor command that stops, hides or opens something',
  text: 'Somebody typed a command on an ESXi host that stops services or VMs, reboots the host or changes what may run.',
  needs: ['commands'],
  severity: 'medium',
  falsePositives: 'Maintenance by the people in AllowedUsers.',
  mutable: { AllowedUsers: 'Accounts that work on the hosts' },
  phrases: {
    stop_vm: ['esxcli vm process kill', 'vm process kill', 'vim-cmd vmsvc/power.off', 'vmsvc/power.off'],
    stop_host: ['esxcli system shutdown', 'reboot', 'poweroff', 'halt', 'system shutdown'],
    allow_unsigned: [
      'execinstalledonly … 0',
      'execinstalledonly … false',
      'execinstalledonly',
      'system settings advanced set',
    ],
    accounts: ['esxcli system account add', 'system account add', 'system permission set', 'esxadminsgroup'],
    stop_service: ['/etc/init.d/vmsyslogd stop', '/etc/init.d/hostd stop', '/etc/init.d/vpxa stop', 'kill … vmsyslogd'],
  },
  severities: { allow_unsigned: 'high', stop_service: 'high' },
});
