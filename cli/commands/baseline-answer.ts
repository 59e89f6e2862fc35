import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import type { Database } from 'better-sqlite3';
import {
  approveBaseline,
  baselineEntries,
  type BaselineValues,
  baselineVersion,
  retireBaseline,
} from '../../store/casework/baselines';
import { openCasework, openCaseworkForReading } from '../../store/casework/casework-db';
import { baselineProposals, type Proposal, roleHabits } from '../../store/queries/baseline-proposals';
import { StoredRoles } from '../../attribution/findings/inventory-roles';
import { roleProposals } from '../../attribution/findings/role-proposals';
import { parseNetwork } from '../config/network';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { counted } from '../output/units';
import { loadRoles } from '../pipeline/asset-roles';
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

/** Those that a role may have for itself. */
const ROLE_ELEMENTS: readonly string[] = ['PortProfiles', 'BenignDestinations'];

export function propose(context: CommandContext, since: number): CommandResult {
  const path = dataLayout(requireDataDirectory(context)).casework;
  const isNew = isNotApproved(path);
  const proposals = readAnalysis(context, (db) => baselineProposals(db, since)).filter((one) => isNew('', one));
  if (proposals.length === 0) {
    context.note('nothing to propose');
    return EXIT.nothing;
  }
  const time = (value: number): string => toSeconds(context.formatTime(value));
  if (context.json) {
    for (const proposal of proposals) context.printJson(withTimes(proposal));
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

/** What several machines of a role have in common. */
export function proposeByRole(context: CommandContext, since: number): CommandResult {
  const { config, directory } = context.loaded;
  const { roles } = loadRoles(config, directory);
  const isNew = isNotApproved(dataLayout(requireDataDirectory(context)).casework);
  const proposals = readAnalysis(context, (db) =>
    roleProposals(roleHabits(db, since), roles.withInventory(new StoredRoles(db).of)),
  ).filter((one) => isNew(one.role, one));
  if (proposals.length === 0) {
    context.note('no machines of a role that have something in common; `assets` of the configuration gives roles');
    return EXIT.nothing;
  }
  if (context.json) for (const proposal of proposals) context.printJson(withTimes(proposal));
  else {
    const time = (value: number): string => toSeconds(context.formatTime(value));
    context.printTable(proposals, [
      { title: 'role', value: ({ role }) => role },
      { title: 'element', value: ({ element }) => element },
      { title: 'value', value: ({ value }) => value },
      { title: 'sessions', align: 'right', value: ({ sessions }) => String(sessions) },
      { title: 'machines', align: 'right', value: ({ owners, of }) => `${owners} of ${of}` },
      { title: 'first', value: ({ first }) => time(first) },
      { title: 'last', value: ({ last }) => time(last) },
    ]);
    context.note('seen is not approved: `ascribe baseline approve ELEMENT VALUE… --role ROLE` for what is right');
  }
  return EXIT.done;
}

function withTimes({ first, last, ...rest }: Proposal & { readonly role?: string; readonly of?: number }) {
  return { ...rest, first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}

/** Says of a value whether it does not hold yet for a role, or for all. */
function isNotApproved(path: string): (role: string, proposal: { element: string; value: string }) => boolean {
  const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
  const approved = withCasework(
    path,
    (db) => new Set(baselineEntries(db).map(({ role, element, value }) => keyOf(role, element, value))),
  );
  return (role, { element, value }) =>
    approved?.has(keyOf('', element, value)) !== true && approved?.has(keyOf(role, element, value)) !== true;
}

export function approve(
  context: CommandContext,
  { role, element, values }: BaselineValues,
  { by, note }: { readonly by?: string; readonly note: string },
): CommandResult {
  const checked = checkedValues(role, element, values);
  const db = openCasework(dataLayout(requireDataDirectory(context)).casework);
  try {
    const added = approveBaseline(db, { role, element, values: checked }, by ?? userInfo().username, note, Date.now());
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
  { role, element, values }: BaselineValues,
  by: string | undefined,
): CommandResult {
  const checked = checkedValues(role, element, values);
  const db = openCasework(dataLayout(requireDataDirectory(context)).casework);
  try {
    const retired = retireBaseline(db, { role, element, values: checked }, by ?? userInfo().username, Date.now());
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
      { title: 'role', value: ({ role }) => role },
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
function checkedValues(role: string, element: string, values: readonly string[]): string[] {
  const kind = ELEMENTS[element];
  const known = role === '' ? Object.keys(ELEMENTS) : ROLE_ELEMENTS;
  if (kind === undefined || !known.includes(element)) {
    throw new CommandError('usage', `${element} is none of ${known.join(', ')}`, EXIT.usage);
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
