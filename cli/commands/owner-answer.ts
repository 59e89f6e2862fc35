import type { Database } from 'better-sqlite3';
import { findEvents } from '../../store/queries/events';
import { addressesOf, findOwners, type OwnerFound } from '../../store/queries/verdicts';
import { findSessions, type SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import { counted, formatCount } from '../output/units';
import { readAnalysis } from './analysis';
import { readFacts } from './facts';
import { isoTime, plain, sessionEcs } from './session-ecs';
import { sessionColumns, toSeconds, words } from './sessions-answer';

/** Which part of an owner's doings is asked for. Times in epoch ms. */
export interface OwnerQuestion {
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

/** Owners that are told apart for one text; with more, a longer name is asked for. */
const MOST_OWNERS = 10;

interface Doings {
  readonly owner: OwnerFound;
  readonly sessions: readonly SessionRow[];
  /** Addresses from which it began sessions, with first and last start. */
  readonly addresses: readonly SessionRow[];
}

/** Answers `owner`. */
export function showOwner(context: CommandContext, name: string, question: OwnerQuestion): CommandResult {
  const found = readAnalysis(context, (db) =>
    findOwners(db, name, MOST_OWNERS).map((owner) => doingsOf(db, owner, question)),
  );
  if (found.length === 0) {
    context.note(`nobody is known by the name ${name}`);
    return EXIT.nothing;
  }
  const events = readFacts(context, (facts) =>
    found.map(({ owner }) => eventsOf(owner).flatMap((device) => findEvents(facts, { ...question, device }))),
  );
  for (const [i, doings] of found.entries()) {
    if (context.json) printJson(context, doings, events[i] ?? []);
    else print(context, doings, events[i] ?? []);
  }
  return EXIT.done;
}

function doingsOf(db: Database, owner: OwnerFound, question: OwnerQuestion): Doings {
  const sessions = findSessions(db, { ...question, owner: owner.id, withoutLegs: true });
  return { owner, sessions, addresses: addressesOf(db, owner.numbers) };
}

/** Devices whose own events belong to the owner: a host or a network device has them under its name. */
function eventsOf({ kind, names, hosts }: OwnerFound): readonly string[] {
  if (kind === 'device_config' || kind === 'service') return hosts.length > 0 ? hosts : names;
  return [];
}

function print(context: CommandContext, { owner, sessions, addresses }: Doings, events: readonly SessionRow[]): void {
  const { style } = context;
  const time = (at: number | undefined): string => (at === undefined ? '' : toSeconds(context.formatTime(at)));
  context.print(style.bold(context.text(owner.names.join(', formerly '))));
  context.print(`  kind       ${owner.kind}, ${context.text(owner.id)}`);
  if (owner.hosts.length > 0) context.print(`  ran on     ${context.text(owner.hosts.join(', '))}`);
  const span = owner.sessions === 0 ? '' : `, from ${time(owner.firstStart)} to ${time(owner.lastStart)}`;
  context.print(`  sessions   ${formatCount(owner.sessions)}${span}`);
  if (addresses.length > 0) {
    context.print(style.bold('addresses'));
    context.printTable(addresses, [
      { title: 'address', value: (row) => words(row['source_ip']) },
      { title: 'first', value: (row) => time(Number(row['first'])) },
      { title: 'last', value: (row) => time(Number(row['last'])) },
      { title: 'sessions', align: 'right', value: (row) => formatCount(Number(row['sessions'])) },
    ]);
  }
  if (sessions.length > 0) {
    context.print(style.bold(`the latest ${counted(sessions.length, 'session')}`));
    context.printTable(sessions, sessionColumns(context));
  }
  if (events.length > 0) {
    context.print(style.bold('events'));
    context.printTable(events, [
      { title: 'time', value: (row) => time(Number(row['observed_at'])) },
      { title: 'action', value: (row) => words(row['action']) },
      { title: 'user', value: (row) => words(row['user']), shrinkTo: 8 },
      { title: 'what', value: (row) => words(row['command']) || words(row['message']), shrinkTo: 20 },
      { title: 'record', align: 'right', value: (row) => words(row['raw_seq']) },
    ]);
  }
  context.print();
}

function printJson(
  context: CommandContext,
  { owner, sessions, addresses }: Doings,
  events: readonly SessionRow[],
): void {
  const { kind, id, names, hosts } = owner;
  context.printJson({
    'ascribe.part': 'owner',
    'ascribe.owner.kind': kind,
    'ascribe.owner.id': id,
    'ascribe.owner.names': names,
    'ascribe.owner.hosts': hosts,
    'ascribe.owner.sessions': owner.sessions,
  });
  for (const row of addresses) {
    context.printJson({
      'ascribe.part': 'address',
      'ascribe.owner.id': id,
      'source.ip': plain(row['source_ip']),
      'event.start': isoTime(Number(row['first'])),
      'event.end': isoTime(Number(row['last'])),
      'ascribe.sessions': plain(row['sessions']),
    });
  }
  for (const row of sessions) context.printJson({ 'ascribe.part': 'session', ...sessionEcs(row) });
  for (const row of events) {
    context.printJson({
      'ascribe.part': 'event',
      'ascribe.owner.id': id,
      '@timestamp': isoTime(Number(row['observed_at'])),
      'event.action': plain(row['action']),
      'user.name': plain(row['user']),
      message: plain(row['message']),
      'ascribe.raw_seq': plain(row['raw_seq']),
    });
  }
}
