import { commandAnalytic } from '../command-analytic';

/** Logs that stop while the host goes on. */
export const AN0670 = commandAnalytic({
  id: 'AN0670',
  strategy: 'DET0239',
  techniques: ['T1562.006'],
  platform: 'ESXi',
  title: 'Logging of an ESXi host changed or lost',
  text: 'The log host was changed or removed, vmsyslogd was stopped, log files shrank or went away, log messages were lost, or the clock that stamps them was set.',
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
    log_stop: 'log_stop',
    log_removed: 'log_removed',
    log_truncated: 'log_truncated',
    log_gap: 'log_gap',
    clock_step: 'clock_step',
    'vob.user.vmsyslogd.remote.failure': 'log_loss',
    'esx.problem.vmsyslogd.remote.failure': 'log_loss',
  },
  // Rotation that outruns the reader leaves gaps, and NTP sets a clock at the start: both are told, as little as anything.
  severities: { log_loss: 'medium', log_gap: 'low', clock_step: 'low' },
});
