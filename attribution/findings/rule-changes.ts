import { LRUCache } from 'lru-cache';
import type { ChangeRecord } from '../../store/analysis/finding-record';
import { textOfHex } from '../../store/facts/address-hex';
import { CommandWords } from './command-words';
import { destinationOf, ownerText } from './conditions';
import type { ApprovedChange, Match, MutableValues, SessionContext, SessionEvidence } from './contract';

/** Texts of rules whose kind is remembered: every session through a rule asks for it. */
const REMEMBERED = 4096;
const kinds = new LRUCache<string, 'nat' | 'access'>({ max: REMEMBERED });

/** Words of commands that sessions were compared with. */
const wordsOfChange = new WeakMap<ChangeRecord, CommandWords>();

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
  if (kindOf(ruleText ?? '') !== kind) return undefined;
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

/**
 * The last change of the rule before the session: what the configuration states of it, or a command that names the rule and came
 * after that. A configuration is read daily: what was typed since is told by commands only.
 */
function changeOf(session: SessionEvidence, { values, changes }: SessionContext): RuleChange | undefined {
  const { start, ruleCommittedAt, ruleAuthor, ruleDevice } = session;
  const from = start - values.TimeWindow;
  const since = Math.max(from, ruleCommittedAt ?? 0);
  const event =
    ruleDevice === null ? undefined : changes(ruleDevice, since, start).findLast((change) => isAbout(change, session));
  if (event !== undefined) return { at: event.at, author: event.user ?? '', event };
  if (ruleCommittedAt === null || ruleCommittedAt < from || ruleCommittedAt > start) return undefined;
  return { at: ruleCommittedAt, author: ruleAuthor ?? '' };
}

function kindOf(text: string): 'nat' | 'access' {
  let kind = kinds.get(text);
  if (kind === undefined) {
    kind = new CommandWords(text).findFirst(TRANSLATES) === undefined ? 'access' : 'nat';
    kinds.set(text, kind);
  }
  return kind;
}

function wordsOf(change: ChangeRecord): CommandWords {
  let words = wordsOfChange.get(change);
  if (words === undefined) {
    words = new CommandWords(change.command ?? '');
    wordsOfChange.set(change, words);
  }
  return words;
}

/** The command names the rule, and no other host or port than the session's. */
function isAbout(change: ChangeRecord, session: SessionEvidence): boolean {
  const { ruleName } = session;
  if (change.command === null || change.own || ruleName === null || ruleName === '') return false;
  const words = wordsOf(change);
  if (!words.holds(ruleName.toLowerCase())) return false;
  const hosts = words.hosts();
  const named = new Set([textOfHex(session.src), textOfHex(session.dst)]);
  if (hosts.length > 0 && !hosts.some((host) => named.has(host))) return false;
  const ports = words.portsBehind('eq');
  return ports.length === 0 || (session.dstPort !== null && ports.includes(session.dstPort));
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
