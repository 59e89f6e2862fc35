import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import type { Database } from 'better-sqlite3';
import { approveBaseline, baselineEntries, baselineVersion, retireBaseline } from '../../store/casework/baselines';
import { openCasework, openCaseworkForReading } from '../../store/casework/casework-db';
import { baselineProposals } from '../../store/queries/baseline-proposals';
import { parseNetwork } from '../config/network';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { counted } from '../output/units';
import { readAnalysis } from './analysis';
import { requireDataDirectory } from './data-directory';
import { toSeconds } from './sessions-answer';

/** Elements that can be approved, and what their values are. */
const ELEMENTS: Readonly<Record<string, 'network' | 'port' | 'name'>> = {
  AllowedMgmtHosts: 'network',
  BenignDestinations: 'network',
  DoHResolvers: 'network',
  ESXiAllowedPorts: 'port',
  PortProfiles: 'port',
  AllowedUsers: 'name',
  AuthorizedAdmins: 'name',
};

export function propose(context: CommandContext, since: number): CommandResult {
  const path = dataLayout(requireDataDirectory(context)).casework;
  const approved = withCasework(
    path,
    (db) => new Set(baselineEntries(db).map(({ element, value }) => `${element} ${value}`)),
  );
  const proposals = readAnalysis(context, (db) => baselineProposals(db, since)).filter(
    ({ element, value }) => approved?.has(`${element} ${value}`) !== true,
  );
  if (proposals.length === 0) {
    context.note('nothing to propose');
    return EXIT.nothing;
  }
  const time = (value: number): string => toSeconds(context.formatTime(value));
  if (context.json) {
    for (const { first, last, ...rest } of proposals) {
      context.printJson({ ...rest, first: new Date(first).toISOString(), last: new Date(last).toISOString() });
    }
    return EXIT.done;
  }
  context.printTable(proposals, [
    { title: 'element', value: ({ element }) => element },
    { title: 'value', value: ({ value }) => value },
    { title: 'sessions', align: 'right', value: ({ sessions }) => String(sessions) },
    { title: 'owners', align: 'right', value: ({ owners }) => String(owners) },
    { title: 'first', value: ({ first }) => time(first) },
    { title: 'last', value: ({ last }) => time(last) },
  ]);
  context.note('seen is not approved: `ascribe baseline approve ELEMENT VALUE…` for what is right');
  return EXIT.done;
}

export function approve(
  context: CommandContext,
  element: string,
  values: readonly string[],
  { by, note }: { readonly by?: string; readonly note: string },
): CommandResult {
  const checked = checkedValues(element, values);
  const db = openCasework(dataLayout(requireDataDirectory(context)).casework);
  try {
    const added = approveBaseline(db, element, checked, by ?? userInfo().username, note, Date.now());
    context.note(
      `${counted(added, 'value')} added, version ${baselineVersion(db)}; takes effect at the next reload (SIGHUP) or start`,
    );
    return EXIT.done;
  } finally {
    db.close();
  }
}

export function retire(
  context: CommandContext,
  element: string,
  values: readonly string[],
  by: string | undefined,
): CommandResult {
  const checked = checkedValues(element, values);
  const db = openCasework(dataLayout(requireDataDirectory(context)).casework);
  try {
    const retired = retireBaseline(db, element, checked, by ?? userInfo().username, Date.now());
    context.note(`${counted(retired, 'value')} taken back, version ${baselineVersion(db)}`);
    return retired === 0 ? EXIT.nothing : EXIT.done;
  } finally {
    db.close();
  }
}

export function list(context: CommandContext, all: boolean): CommandResult {
  const path = dataLayout(requireDataDirectory(context)).casework;
  const entries = withCasework(path, (db) => baselineEntries(db, all)) ?? [];
  if (entries.length === 0) {
    context.note('nothing is approved; `ascribe baseline propose` shows what was seen');
    return EXIT.nothing;
  }
  if (context.json) for (const entry of entries) context.printJson({ ...entry });
  else {
    context.printTable(entries, [
      { title: 'version', align: 'right', value: ({ version }) => String(version) },
      { title: 'element', value: ({ element }) => element },
      { title: 'value', value: ({ value }) => value },
      { title: 'approved', value: ({ approvedAt }) => toSeconds(context.formatTime(approvedAt)) },
      { title: 'by', value: ({ approvedBy }) => approvedBy },
      {
        title: 'taken back',
        value: ({ retiredAt }) => (retiredAt === null ? '' : toSeconds(context.formatTime(retiredAt))),
      },
      { title: 'note', value: ({ note }) => note, shrinkTo: 10 },
    ]);
  }
  return EXIT.done;
}

/** Values in the one form that is compared. */
function checkedValues(element: string, values: readonly string[]): string[] {
  const kind = ELEMENTS[element];
  if (kind === undefined) {
    throw new CommandError('usage', `${element} is none of ${Object.keys(ELEMENTS).join(', ')}`, EXIT.usage);
  }
  return values.map((value) => {
    if (kind === 'name') return value;
    if (kind === 'port') {
      if (/^\d{1,5}$/u.test(value) && Number(value) <= 65_535) return String(Number(value));
      throw new CommandError('usage', `${value} is no port`, EXIT.usage);
    }
    const network = parseNetwork(value);
    if (typeof network === 'string') throw new CommandError('usage', network, EXIT.usage);
    return isIP(value) === 0 ? network.text : value;
  });
}

function withCasework<T>(path: string, read: (db: Database) => T): T | undefined {
  const db = openCaseworkForReading(path);
  if (db === undefined) return undefined;
  try {
    return read(db);
  } finally {
    db.close();
  }
}
