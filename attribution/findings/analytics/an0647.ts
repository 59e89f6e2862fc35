import { commandAnalytic } from '../command-analytic';

/** Configurations that leave their device. */
export const AN0647 = commandAnalytic({
  id: 'AN0647',
  strategy: 'DET0233',
  techniques: ['T1602.002'],
  platform: 'Network Devices',
  title: 'Configuration copied off a network device',
  text: 'A command sends the configuration to another host.',
  needs: ['commands'],
  severity: 'high',
  falsePositives: 'Configuration backup by the people in AuthorizedAdmins.',
  mutable: { AuthorizedAdmins: 'Accounts that back configurations up' },
  phrases: {
    copy_out: [
      'copy running-config tftp',
      'copy running-config ftp',
      'copy running-config scp',
      'copy running-config http',
      'copy running-config https',
      'copy run tftp',
      'copy run ftp',
      'copy run scp',
      'copy startup-config tftp',
      'copy startup-config ftp',
      'copy system:running-config',
      'execute backup config',
      'archive config',
      'scp export',
      'tftp export',
      'file copy',
      'more system:running-config',
    ],
  },
});
