import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { ConsultedRecords } from '../../attribution/verdicts/consulted';
import type { Comparison, PackReport, PackSummary, Rederived, Selection } from '../../store/evidence/contract';
import { addCustody, type CustodyEntry, custodyFile, readCustody } from '../../store/evidence/custody';
import { Scope } from '../../store/evidence/scope';
import { select } from '../../store/evidence/select';
import { sha256OfFile } from '../../store/evidence/spool';
import { ToldSettings } from '../../store/evidence/told-settings';
import { verifyPack } from '../../store/evidence/verify-pack';
import { writePack } from '../../store/evidence/write-pack';
import { JournalReader } from '../../store/journal/journal-reader';
import { SigningKeys } from '../../store/journal/signing-keys';
import { settingsFor } from '../config/device-settings';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { counted, formatBytes, formatCount } from '../output/units';
import { loadDestinationLists } from '../pipeline/destination-lists';
import { rulesInForce } from '../pipeline/pack-rules';
import { createPackFacts, createRederivation } from '../pipeline/rederivation';
import { verdictRules } from '../pipeline/verdict-rules';
import { messageOf } from '../thrown';
import { version } from '../version';
import { readAnalysis } from './analysis';
import { requireDataDirectory } from './data-directory';

const NONE: Rederived = { same: 0, differ: 0, absent: 0 };
const NOTHING_COMPARED = { sessions: NONE, verdicts: NONE, findings: NONE };

/** Answers `evidence pack`. */
export function pack(context: CommandContext, selection: Selection, out: string | undefined): CommandResult {
  const { journal, keys, casework } = dataLayout(requireDataDirectory(context));
  if (!existsSync(journal)) {
    throw new CommandError('no_journal', `there is no journal ${journal}`, EXIT.noDataDirectory);
  }
  const file = resolve(context.io.cwd, out ?? defaultName(selection));
  if (existsSync(file))
    throw new CommandError('file_exists', `${file} is there already; name another with --out`, EXIT.usage);
  const { config, file: configFile, directory } = context.loaded;
  const settings = new ToldSettings(settingsFor(config.devices));
  const progress = context.progress({ label: 'packing', format: (records) => `${formatCount(records)} records` });
  const scope = new Scope();
  const reader = new JournalReader(journal);
  try {
    const made = readAnalysis(context, (db) => {
      const consulted = new ConsultedRecords(db, verdictRules(config, settings.of));
      if (!select(db, reader, selection, scope, consulted)) return undefined;
      const { lists } = loadDestinationLists(config.destinations.lists, directory, context.io.now());
      return writePack({
        db,
        journal,
        keys: SigningKeys.open(keys),
        selection,
        scope,
        file,
        version,
        configuration: configFile === undefined ? undefined : hash('sha256', readFileSync(configFile), 'hex'),
        settings,
        createFactReader: createPackFacts,
        consulted,
        rules: rulesInForce(db, scope, config, casework, lists),
        onRecord: (records) => progress.update(records),
      });
    });
    progress.finish();
    if (made === undefined) {
      context.note('nothing is called so, or nothing was received then');
      return EXIT.nothing;
    }
    addCustody(custodyFile(file), entry(context, 'created', made.sha256, `ascribe ${version}, key ${made.key}`));
    tellMade(context, made);
    return made.absent > 0 ? EXIT.partial : EXIT.done;
  } finally {
    reader.close();
    scope.close();
  }
}

function defaultName(selection: Selection): string {
  const text = hash('sha256', JSON.stringify(selection), 'hex').slice(0, 12);
  return `ascribe-evidence-${selection.kind}-${text}.tar`;
}

function tellMade(context: CommandContext, made: PackSummary): void {
  if (context.json) {
    context.printJson({
      'ascribe.evidence': 'packed',
      'file.path': made.file,
      'file.hash.sha256': made.sha256,
      'file.size': made.bytes,
      'ascribe.evidence.key': made.key,
      'ascribe.evidence.records': made.records,
      'ascribe.evidence.records_proved': made.proved,
      'ascribe.evidence.records_absent': made.absent,
      'ascribe.evidence.sessions': made.sessions,
      'ascribe.evidence.findings': made.findings,
      'ascribe.evidence.facts': made.facts,
    });
    return;
  }
  context.print(`${context.text(made.file)}  ${formatBytes(made.bytes)}  sha256 ${made.sha256}`);
  context.print(
    `${counted(made.records, 'raw record')} (${formatCount(made.proved)} in sealed segments), ${counted(made.facts, 'fact')}, ${counted(made.sessions, 'session')}, ${counted(made.findings, 'finding')}; key ${made.key}`,
  );
  if (made.absent > 0)
    context.warn(`${counted(made.absent, 'record')} pointed to by what was derived are no longer in the journal`);
  context.note('the raw records may hold secrets that devices sent; the README in the pack says how to check it');
}

/** Answers `evidence verify`. */
export function verify(context: CommandContext, given: string, key: string | undefined): CommandResult {
  const file = requirePack(context, given);
  const report = verifyPack(file, createRederivation, key);
  const isWhole = report.faults.length === 0;
  const differ = differenceCount(report.comparison);
  tellReport(context, report);
  if (existsSync(custodyFile(file))) {
    const again = differ === 0 ? '' : `, ${differ} derived rows are not derived again the same`;
    const text = isWhole ? `ascribe ${version}, key ${report.key ?? ''}${again}` : `${report.faults.length} faults`;
    try {
      addCustody(custodyFile(file), entry(context, isWhole ? 'verified' : 'failed', report.sha256, text));
    } catch (error) {
      context.warn(`the custody log was not added to: ${messageOf(error)}`);
    }
  }
  if (!isWhole) return EXIT.failed;
  return differ === 0 ? EXIT.done : EXIT.partial;
}

function differenceCount(comparison: Comparison | undefined): number {
  const { sessions, verdicts, findings } = comparison ?? NOTHING_COMPARED;
  return [sessions, verdicts, findings].reduce((sum, { differ, absent }) => sum + differ + absent, 0);
}

function tellReport(context: CommandContext, report: PackReport): void {
  const isWhole = report.faults.length === 0;
  const { style } = context;
  if (context.json) {
    for (const { file, text } of report.faults) {
      context.printJson({ 'ascribe.evidence': 'fault', 'file.path': file, 'error.message': text });
    }
    for (const message of report.notes) context.printJson({ 'ascribe.evidence': 'note', message });
    for (const { kind, id, text } of report.comparison?.differences ?? []) {
      context.printJson({ 'ascribe.evidence': 'difference', 'ascribe.kind': kind, 'event.id': id, message: text });
    }
    context.printJson({
      'ascribe.evidence': 'summary',
      'event.outcome': isWhole ? 'success' : 'failure',
      'file.hash.sha256': report.sha256,
      'ascribe.evidence.key': report.key,
      'ascribe.evidence.records': report.records,
      'ascribe.evidence.records_proved': report.proved,
      'ascribe.evidence.facts': report.facts,
      ...(report.comparison !== undefined && { 'ascribe.evidence.again': countsOf(report.comparison) }),
    });
    return;
  }
  for (const { file, text } of report.faults) {
    context.print(`${style.bad('FAULT')}  ${context.text(file === '' ? text : `${file}: ${text}`)}`);
  }
  for (const note of report.notes) context.print(`note   ${context.text(note)}`);
  if (!isWhole) return context.print(style.bad(counted(report.faults.length, 'fault')));
  context.print(
    `${style.good('whole')}: ${counted(report.records, 'record')} (${formatCount(report.proved)} proved by seals), ${counted(report.facts, 'fact')} read again the same; key ${report.key ?? ''}`,
  );
  if (report.comparison !== undefined) tellComparison(context, report.comparison);
}

/** What was derived again: where it agrees, and each row where it does not. */
function tellComparison(context: CommandContext, comparison: Comparison): void {
  const { style } = context;
  for (const { kind, id, text } of comparison.differences) {
    context.print(`${style.bad('DIFFERS')}  ${kind} ${context.text(id)}: ${context.text(text)}`);
  }
  const parts = Object.entries(countsOf(comparison)).map(([name, { same, differ, absent }]) => {
    const other = [differ > 0 ? `${differ} differ` : '', absent > 0 ? `${absent} not derived again` : ''];
    return [
      `${formatCount(same)} of ${counted(same + differ + absent, name.slice(0, -1))}`,
      ...other.filter(Boolean),
    ].join(', ');
  });
  context.print(`derived again from the raw records, the same: ${parts.join('; ')}`);
  if (comparison.narrower > 0) {
    context.note(
      `${counted(comparison.narrower, 'verdict')} with links that held for longer than the records of the pack show: the observations about the sessions are in it, not all there ever were`,
    );
  }
}

type Counts = { same: number; differ: number; absent: number };

function countsOf({ sessions, verdicts, findings }: Comparison): Record<'sessions' | 'verdicts' | 'findings', Counts> {
  const plain = ({ same, differ, absent }: Rederived): Counts => ({ same, differ, absent });
  return { sessions: plain(sessions), verdicts: plain(verdicts), findings: plain(findings) };
}

/** Answers `evidence custody`. */
export function custody(
  context: CommandContext,
  given: string,
  { note, by }: { readonly note?: string | undefined; readonly by?: string | undefined },
): CommandResult {
  const file = requirePack(context, given);
  const path = custodyFile(file);
  const sha256 = sha256OfFile(file);
  if (note !== undefined) addCustody(path, entry(context, 'noted', sha256, note, by));
  const { entries, broken } = readCustody(path);
  for (const item of entries) tellEntry(context, item, item.pack === sha256);
  if (broken !== undefined) context.warn(`line ${broken} does not follow on the one before it: the log was changed`);
  if (entries.length === 0 && broken === undefined) {
    context.note(`there is no custody log beside ${file}`);
    return EXIT.nothing;
  }
  const isSame = entries.at(-1)?.pack === sha256;
  if (!isSame) context.warn('the pack is not the one the last entry is about');
  return broken === undefined && isSame ? EXIT.done : EXIT.failed;
}

function tellEntry(context: CommandContext, item: CustodyEntry, isSame: boolean): void {
  if (context.json) {
    context.printJson({
      '@timestamp': new Date(item.at).toISOString(),
      'event.action': item.action,
      'user.name': item.by,
      'host.name': item.host,
      'file.hash.sha256': item.pack,
      message: item.text,
    });
    return;
  }
  const pack = isSame ? 'this pack' : `another pack ${item.pack.slice(0, 16)}`;
  context.print(
    `${context.formatTime(item.at)}  ${item.action}  ${context.text(`${item.by} on ${item.host}`)}  ${pack}  ${context.text(item.text)}`,
  );
}

function entry(
  context: CommandContext,
  action: CustodyEntry['action'],
  pack: string,
  text: string,
  by: string = userName(),
): CustodyEntry {
  return { action, at: context.io.now(), by, host: hostname(), pack, text };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the password file.
    return `uid ${String(process.getuid?.() ?? '')}`;
  }
}

function requirePack(context: CommandContext, given: string): string {
  const file = resolve(context.io.cwd, given);
  if (existsSync(file)) return file;
  throw new CommandError('no_pack', `there is no file ${file}`, EXIT.usage);
}
