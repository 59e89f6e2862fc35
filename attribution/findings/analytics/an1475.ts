import { commandAnalytic } from '../command-analytic';

/** Packages of doubtful origin. */
export const AN1475 = commandAnalytic({
  id: 'AN1475',
  strategy: 'DET0535',
  techniques: ['T1505.006'],
  platform: 'ESXi',
  title: 'Package installed without its signature checked',
  text: 'A VIB was installed by force or without signature, the acceptance level was lowered, or the host refused to run a program of no package (execInstalledOnly).',
  needs: ['commands', 'host_logs'],
  severity: 'high',
  falsePositives: 'Drivers of a vendor that signs for a lower acceptance level.',
  mutable: { ApprovedChangeList: 'Changes approved beforehand' },
  phrases: {
    unsigned: [
      'software vib install … --no-sig-check',
      'software vib install … --force',
      'software vib install … -f',
      'software vib update … --force',
      'software acceptance set',
    ],
    install: ['software vib install', 'software vib update', 'software component apply'],
  },
  actions: {
    'esx.audit.esximage.install.nosigcheck': 'unsigned',
    'esx.audit.esximage.install.novalidation': 'unsigned',
    'esx.audit.esximage.install.securityalert': 'unsigned',
    'esx.audit.esximage.hostacceptance.changed': 'unsigned',
    software_acceptance_change: 'unsigned',
    exec_denied: 'exec_denied',
  },
  severities: { unsigned: 'critical', install: 'low' },
});
