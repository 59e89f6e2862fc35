import { commandAnalytic } from '../command-analytic';

/** Logs of network devices. */
export const AN1559 = commandAnalytic({
  id: 'AN1559',
  strategy: 'DET0563',
  techniques: ['T1562.003', 'T1562.006'],
  platform: 'Network Devices',
  title: 'Logging of a network device turned off',
  text: 'A command turns syslog or command accounting off.',
  needs: ['commands'],
  severity: 'high',
  falsePositives: 'A log collector that moves.',
  mutable: { ApprovedChangeList: 'Changes approved beforehand' },
  phrases: {
    logging_off: [
      'no logging',
      'no logging enable',
      'no logging on',
      'no logging host',
      'delete system syslog',
      'deactivate system syslog',
      'config log syslogd setting … set status disable',
      'no archive',
      'no aaa accounting',
      'logging disable',
    ],
  },
});
