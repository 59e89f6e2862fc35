import type { ChangeRecord } from '../../store/analysis/finding-record';
import { CommandWords } from './command-words';
import type { AnalyticInfo, EventAnalytic, Match, MutableValues, Severity } from './contract';
import { isEsxi, isNetworkDevice } from './devices';

/** What an analytic over commands looks for. */
export interface CommandPhrases extends AnalyticInfo {
  /** Phrases of `CommandWords`; what kind of thing each one is goes into the key. */
  readonly phrases: Readonly<Record<string, readonly string[]>>;
  /** Event actions that say the same without a command. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Severity of a kind, where it is not the analytic's. */
  readonly severities?: Readonly<Record<string, Severity>>;
}

/** An analytic that looks for commands typed or events told on a device of its platform. */
export function commandAnalytic(spec: CommandPhrases): EventAnalytic {
  const { phrases, actions = {}, severities = {}, ...info } = spec;
  const onPlatform = info.platform === 'ESXi' ? isEsxi : isNetworkDevice;
  return {
    ...info,
    looksAt: 'event',
    match(event, values) {
      if (event.own || !onPlatform(event)) return undefined;
      const kind = kindOf(event, phrases, actions);
      if (kind === undefined) return undefined;
      const severity = isExpected(event, info, values) ? 'low' : (severities[kind] ?? info.severity);
      return matchOf(event, kind, severity, values);
    },
  };
}

/** Done by an account that the site says may do it: told all the same, as little as anything. */
function isExpected({ user }: ChangeRecord, { mutable }: AnalyticInfo, values: MutableValues): boolean {
  if (user === null) return false;
  const works = mutable.AllowedUsers !== undefined && values.AllowedUsers.has(user);
  return works || (mutable.AuthorizedAdmins !== undefined && values.AuthorizedAdmins.has(user));
}

function kindOf(
  { command, action, code }: ChangeRecord,
  phrases: CommandPhrases['phrases'],
  actions: Readonly<Record<string, string>>,
): string | undefined {
  if (command !== null) {
    const words = new CommandWords(command);
    for (const [kind, list] of Object.entries(phrases)) if (words.findFirst(list) !== undefined) return kind;
  }
  return actions[code ?? ''] ?? actions[action];
}

function matchOf(event: ChangeRecord, kind: string, severity: Severity, values: MutableValues): Match {
  const { device, user, command, message, at } = event;
  const approved = values.ApprovedChangeList.find(
    (change) =>
      change.device === device &&
      change.from <= at &&
      at <= change.to &&
      (command ?? message ?? '').includes(change.text),
  );
  const who = user === null ? 'somebody' : user;
  const what = command ?? message ?? event.action;
  return {
    key: kind,
    severity,
    text: `${who} on ${device}: ${what}`,
    terms: { kind, user: user ?? '', action: event.action, ...(command !== null && { command }) },
    ...(approved !== undefined && { approvedBy: approved.reference }),
  };
}
