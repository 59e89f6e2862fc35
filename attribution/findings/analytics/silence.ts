import type { SilenceAnalytic } from '../contract';

/** A log that ends while the host goes on. */
export const SILENCE: SilenceAnalytic = {
  looksAt: 'silence',
  id: 'SILENCE',
  strategy: 'DET0239',
  techniques: ['T1562.006'],
  platform: 'ESXi',
  title: 'Hypervisor that is silent while its own sessions go on',
  text: 'For longer than TimeWindow, and much longer than it was ever silent before, no log record came of a host whose own processes went on to open sessions. A command or event that stops its logging before the silence raises the severity.',
  needs: ['host_logs', 'flows', 'sockets'],
  severity: 'medium',
  falsePositives: 'A log collector or a way to it that was down: then several hosts fall silent at once.',
  mutable: { TimeWindow: 'How long a host may be silent' },
  match({ host, from, to, sessions, longestBefore, silences, stop, others }, { TimeWindow }) {
    if (to - from <= TimeWindow) return undefined;
    const minutes = (ms: number): number => Math.round(ms / 60_000);
    const stopped = stop === undefined ? '' : ` after ${stop.command ?? stop.message ?? stop.action}`;
    return {
      key: `silent since ${new Date(from).toISOString()}`,
      // When others fall silent with it, the collector is likelier than each of them.
      severity: stop !== undefined ? 'high' : others > 0 ? 'low' : 'medium',
      text: `${host} told nothing for ${minutes(to - from)} minutes${stopped}, while its own processes opened ${sessions} sessions`,
      terms: {
        silent_minutes: minutes(to - from),
        longest_before_minutes: minutes(longestBefore),
        silences_before: silences,
        sessions,
        silent_with_it: others,
        ...(stop !== undefined && { stopped_by: stop.command ?? stop.action, user: stop.user ?? '' }),
      },
      ...(stop !== undefined && { changes: [stop] }),
    };
  },
};
