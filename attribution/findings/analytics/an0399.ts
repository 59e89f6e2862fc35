import { commandAnalytic } from '../command-analytic';

/** Risky commands of network devices. */
export const AN0399 = commandAnalytic({
  id: 'AN0399',
  strategy: 'DET0142',
  techniques: ['T1059.008'],
  platform: 'Network Devices',
  title: 'Command on a network device that hides, stops or copies',
  text: 'A command turns logging off, reloads the device or replaces its configuration.',
  needs: ['commands'],
  severity: 'medium',
  falsePositives: 'Maintenance by the people in AuthorizedAdmins.',
  mutable: { AuthorizedAdmins: 'Accounts that work on the devices' },
  phrases: {
    restart: ['reload', 'request system reboot', 'request system halt', 'execute reboot', 'execute factoryreset'],
    replace: ['configure replace', 'config replace', 'copy tftp', 'rollback', 'execute restore', 'load override'],
    erase: [
      'write erase',
      'erase startup-config',
      'erase nvram',
      'request system zeroize',
      'clear logging',
      'clear log',
    ],
  },
  severities: { erase: 'high' },
});
