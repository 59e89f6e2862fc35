import type { SessionAnalytic } from '../contract';
import { changedRule } from '../rule-changes';

/** An access rule that is new when the first session uses it. */
export const AN0015: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0015',
  strategy: 'DET0006',
  techniques: ['T1599', 'T1562.004'],
  platform: 'Network Devices',
  title: 'Session through an access rule that was changed just before',
  text: 'A rule of an access list or policy was added or changed, and within TimeWindow a session went out through it. The finding names the line, its author and when it was committed.',
  needs: ['flows', 'session_logs', 'configurations'],
  severity: 'high',
  falsePositives: 'Planned changes: list them in ApprovedChangeList.',
  mutable: {
    TimeWindow: 'How long after a change the first session through it is told',
    ApprovedChangeList: 'Changes approved beforehand',
    AuthorizedAdmins: 'Who may change rules; others raise the severity',
  },
  match: (session, context) => changedRule(session, context, 'access'),
};
