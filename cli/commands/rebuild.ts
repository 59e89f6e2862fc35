import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as AnalysisDbModule from '../../store/analysis/analysis-db';
import type * as DigestModule from '../../store/facts/digest';
import type * as FactsDirectoryModule from '../../store/facts/facts-directory';
import type * as DataLockModule from '../../store/journal/data-lock';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { dataLayout, type DataLayout } from '../data-layout';
import { EXIT } from '../exit-codes';
import { formatCount } from '../output/units';
import type * as OfflineModule from '../pipeline/offline';
import { requireDataDirectory } from './data-directory';
import { inForce } from './in-force';

/** `rebuild`: everything again from the journal, with today's code. */
export const rebuildCommand: AscribeCommand = {
  name: 'rebuild',
  define(program, host) {
    program
      .command('rebuild')
      .description('derive facts and sessions again from the journal; says whether they are the same as before')
      .option('--from <time>', 'only what the journal received from here on (whole segments); sessions in full')
      .action(host.audited((context, { from }) => rebuild(context, from)));
  },
};

interface Rebuilt {
  readonly segment: string;
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * The new facts are made beside the old ones and take their place when they are whole, so that an interruption leaves
 * the old ones. Sessions are then made anew from all facts.
 */
function rebuild(context: CommandContext, from: string | undefined): CommandResult {
  const layout = dataLayout(requireDataDirectory(context));
  const { DataLock } = require('../../store/journal/data-lock') as typeof DataLockModule;
  const since = from === undefined ? undefined : new Date(context.time('--from', from)).toISOString().slice(0, 13);
  const lock = DataLock.acquire(layout.root);
  try {
    const made = rederive(context, layout, since);
    if (made === undefined) return EXIT.interrupted;
    return report(context, made);
  } finally {
    lock.release();
  }
}

function rederive(context: CommandContext, layout: DataLayout, since: string | undefined): Rebuilt[] | undefined {
  const { catchUp } = require('../pipeline/offline') as typeof OfflineModule;
  const { digestFacts } = require('../../store/facts/digest') as typeof DigestModule;
  const { FactsDirectory } = require('../../store/facts/facts-directory') as typeof FactsDirectoryModule;
  const before = new FactsDirectory(layout.facts);
  const names = before.names();
  before.close();
  const firstDue = since === undefined ? 0 : names.findIndex((name) => name.slice(0, 13) >= since);
  const kept = firstDue < 0 ? names : names.slice(0, firstDue);
  const digests = new Map(
    names.slice(kept.length).map((name) => [name, safeDigest(digestFacts, join(layout.facts, `${name}.db`))]),
  );
  const fresh: DataLayout = {
    ...layout,
    facts: join(layout.root, 'flows.rebuild'),
    database: join(layout.root, 'ascribe.rebuild.db'),
  };
  discard(fresh);
  mkdirSync(fresh.facts, { mode: 0o750 });
  for (const name of kept) moveSegment(layout.facts, fresh.facts, name);
  const progress = context.progress({ label: 'rebuild' });
  const isAborted = (): boolean => context.io.interruption.received !== undefined;
  catchUp(fresh, inForce(context), (_stage, done) => progress.update(done), isAborted);
  progress.finish();
  if (isAborted()) {
    for (const name of kept) moveSegment(fresh.facts, layout.facts, name);
    discard(fresh);
    return undefined;
  }
  rmSync(layout.facts, { recursive: true, force: true });
  renameSync(fresh.facts, layout.facts);
  replaceDatabase(fresh.database, layout.database);
  const after = new FactsDirectory(layout.facts);
  const rebuilt = after
    .names()
    .slice(kept.length)
    .map((name) => ({
      segment: name,
      before: digests.get(name),
      after: digestFacts(join(layout.facts, `${name}.db`)),
    }));
  after.close();
  return rebuilt;
}

/** Old facts may be damaged or of an older schema: that is what `rebuild` is for. */
function safeDigest(digest: (path: string) => string, path: string): string | undefined {
  try {
    return digest(path);
  } catch {
    return undefined;
  }
}

function moveSegment(from: string, to: string, name: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const file = `${name}.db${suffix}`;
    if (existsSync(join(from, file))) renameSync(join(from, file), join(to, file));
  }
}

function replaceDatabase(from: string, to: string): void {
  const { openAnalysisForWriting } = require('../../store/analysis/analysis-db') as typeof AnalysisDbModule;
  // Folds the WAL into the file, so that one rename moves all of it.
  const db = openAnalysisForWriting(from);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${to}${suffix}`, { force: true });
  renameSync(from, to);
  for (const suffix of ['-wal', '-shm']) rmSync(`${from}${suffix}`, { force: true });
}

function discard({ facts, database }: DataLayout): void {
  rmSync(facts, { recursive: true, force: true });
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
}

function report(context: CommandContext, rebuilt: readonly Rebuilt[]): CommandResult {
  const changed = rebuilt.filter(({ before, after }) => before !== undefined && before !== after);
  for (const { segment, before, after } of rebuilt) {
    const state = before === undefined ? 'new' : before === after ? 'same' : 'changed';
    if (context.json)
      context.printJson({ 'ascribe.segment': segment, 'ascribe.rebuild': state, 'ascribe.digest': after });
    else context.print(`${segment}  ${state}  ${after}`);
  }
  if (!context.json) {
    context.print(
      `${formatCount(rebuilt.length)} segments derived again, ${changed.length === 0 ? 'none' : formatCount(changed.length)} differ from before`,
    );
  }
  return EXIT.done;
}
