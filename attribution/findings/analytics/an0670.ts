import { commandAnalytic } from '../command-analytic';

/** Logs that stop while the host goes on. */
export const AN0670 = commandAnalytic({
  id: 'AN0670',
  strategy: 'DET0239',
  techniques: ['T1562.006'],
  platform: 'ESXi',
  title: 'Logging of an ESXi host changed or lost',
  text: 'The log host was changed or removed, vmsyslogd was stopped, or log messages were lost.',
  needs: ['host_logs', 'commands'],
  severity: 'high',
  falsePositives: 'A log collector that moves.',
  mutable: {},
  phrases: {
    log_config: ['system syslog config set', 'system syslog config logger set', 'syslog reload'],
    log_stop: ['/etc/init.d/vmsyslogd stop', 'kill … vmsyslogd', 'vmsyslogd stop'],
  },
  actions: {
    log_loss: 'log_loss',
    'vob.user.vmsyslogd.remote.failure': 'log_loss',
    'esx.problem.vmsyslogd.remote.failure': 'log_loss',
  },
  severities: { log_loss: 'medium' },
});
