import type { SessionAnalytic } from '../contract';
import { changedRule } from '../rule-changes';

/** A translation rule that is new when the first session uses it. */
export const AN0465: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0465',
  strategy: 'DET0163',
  techniques: ['T1599.001', 'T1090'],
  platform: 'Network Devices',
  title: 'Session through a translation rule that was changed just before',
  text: 'A NAT rule was added or changed, and within TimeWindow a session went out through it. The finding names the line, its author and when it was committed.',
  needs: ['flows', 'session_logs', 'configurations'],
  severity: 'high',
  falsePositives: 'Planned changes: list them in ApprovedChangeList.',
  mutable: {
    TimeWindow: 'How long after a change the first session through it is told',
    ApprovedChangeList: 'Changes approved beforehand',
    AuthorizedAdmins: 'Who may change translation rules; others raise the severity',
  },
  match: (session, context) => changedRule(session, context, 'nat'),
};
