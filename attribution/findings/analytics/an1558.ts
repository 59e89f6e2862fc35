import { commandAnalytic } from '../command-analytic';

/** History of the shell. */
export const AN1558 = commandAnalytic({
  id: 'AN1558',
  strategy: 'DET0563',
  techniques: ['T1562.003'],
  platform: 'ESXi',
  title: 'Shell history of an ESXi host turned off',
  text: 'The history of the shell was unset or its file removed.',
  needs: ['commands'],
  severity: 'high',
  falsePositives: 'None known.',
  mutable: {},
  phrases: {
    history: [
      'histfile=0',
      'unset histfile',
      'histfile=/dev/null',
      'export histfile',
      'rm … .ash_history',
      'rm … shell.log',
      'histsize=0',
    ],
  },
});
