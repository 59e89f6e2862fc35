import type { ChangeRecord } from '../../store/analysis/finding-record';
import { CommandWords } from './command-words';
import { destinationOf, ownerText } from './conditions';
import type { ApprovedChange, Match, MutableValues, SessionContext, SessionEvidence } from './contract';

/** What is known of a rule's last change. */
interface RuleChange {
  readonly at: number;
  readonly author: string;
  /** The event that told of it; none where the configuration itself states time and author. */
  readonly event?: ChangeRecord;
}

const TRANSLATES = ['nat', 'ip nat', 'static', 'masquerade', 'dst-nat', 'src-nat', 'rdr', 'ippool', 'snat', 'dnat'];

/** A session through a rule that was changed within TimeWindow before it; undefined for rules of the other kind. */
export function changedRule(
  session: SessionEvidence,
  context: SessionContext,
  kind: 'nat' | 'access',
): Match | undefined {
  const { ruleDevice, ruleText, ruleName, ruleId, state } = session;
  if (ruleDevice === null || state === 'denied') return undefined;
  const translates = new CommandWords(ruleText ?? '').findFirst(TRANSLATES) !== undefined;
  if (translates !== (kind === 'nat')) return undefined;
  const change = changeOf(session, context);
  if (change === undefined) return undefined;
  const { values } = context;
  const rule = ruleName || ruleId || `line ${session.ruleLine ?? '?'}`;
  const approved = approvalOf(values.ApprovedChangeList, ruleDevice, change, `${rule} ${ruleText ?? ''}`);
  const minutes = Math.round((session.start - change.at) / 60_000);
  const by = change.author === '' ? 'somebody' : change.author;
  const destination = destinationOf(session);
  return {
    key: `${ruleDevice}/${rule}`,
    severity: authorized(values, change.author) ? 'medium' : 'high',
    text: `${ownerText(session)} reached ${destination} through ${rule} of ${ruleDevice}, which ${by} changed ${minutes} minutes before`,
    terms: {
      rule,
      device: ruleDevice,
      line: session.ruleLine ?? 0,
      text: ruleText ?? '',
      author: change.author,
      changed_at: change.at,
      destination,
    },
    ...(change.event !== undefined && { changes: [change.event] }),
    ...(approved !== undefined && { approvedBy: approved.reference }),
  };
}

/** The configuration's own word goes before a command that names the rule. */
function changeOf(session: SessionEvidence, { values, changes }: SessionContext): RuleChange | undefined {
  const { start, ruleCommittedAt, ruleAuthor, ruleDevice, ruleName } = session;
  const from = start - values.TimeWindow;
  if (ruleCommittedAt !== null && ruleCommittedAt > 0) {
    if (ruleCommittedAt < from || ruleCommittedAt > start) return undefined;
    return { at: ruleCommittedAt, author: ruleAuthor ?? '' };
  }
  if (ruleDevice === null || ruleName === null || ruleName === '') return undefined;
  const event = changes(ruleDevice, from, start).findLast(
    ({ command, own }) => command !== null && !own && new CommandWords(command).holds(ruleName.toLowerCase()),
  );
  return event === undefined ? undefined : { at: event.at, author: event.user ?? '', event };
}

function approvalOf(
  list: readonly ApprovedChange[],
  device: string,
  { at }: RuleChange,
  text: string,
): ApprovedChange | undefined {
  return list.find(
    (change) => change.device === device && change.from <= at && at <= change.to && text.includes(change.text),
  );
}

function authorized({ AuthorizedAdmins }: MutableValues, author: string): boolean {
  return AuthorizedAdmins.size > 0 && AuthorizedAdmins.has(author);
}
