import { hash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConsultedRecords } from '../../attribution/verdicts/consulted';
import type { PackSummary, Selection } from '../../store/evidence/contract';
import { addCustody, custodyFile } from '../../store/evidence/custody';
import { Scope } from '../../store/evidence/scope';
import { select } from '../../store/evidence/select';
import { sha256OfFile } from '../../store/evidence/spool';
import { ToldSettings } from '../../store/evidence/told-settings';
import { factsFile, PackWriter } from '../../store/evidence/write-pack';
import { JournalReader } from '../../store/journal/journal-reader';
import { SigningKeys } from '../../store/journal/signing-keys';
import { settingsFor } from '../config/device-settings';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { counted, formatBytes, formatCount } from '../output/units';
import { encryptFile, isRecipient, type Recipients } from '../pipeline/age';
import { loadDestinationLists } from '../pipeline/destination-lists';
import { beginPackJob, type BegunJob, type PackJobs } from '../pipeline/pack-jobs';
import { rulesInForce } from '../pipeline/pack-rules';
import { verdictRules } from '../pipeline/verdict-rules';
import { version } from '../version';
import { readAnalysis } from './analysis';
import { requireDataDirectory } from './data-directory';
import { custodyEntry } from './evidence-file';

/** A pack of more records is worth a second thread. */
const MANY_RECORDS = 5000;

export interface PackOptions {
  readonly out?: string | undefined;
  /** Public keys; without any, and without a file of them, the pack is not encrypted. */
  readonly encryptTo?: readonly string[] | undefined;
  readonly recipientsFile?: string | undefined;
}

/** Answers `evidence pack`. */
export async function pack(
  context: CommandContext,
  selection: Selection,
  options: PackOptions,
): Promise<CommandResult> {
  const { journal } = dataLayout(requireDataDirectory(context));
  if (!existsSync(journal)) {
    throw new CommandError('no_journal', `there is no journal ${journal}`, EXIT.noDataDirectory);
  }
  const recipients = recipientsOf(context, options);
  const file = resolve(
    context.io.cwd,
    options.out ?? `${defaultName(selection)}${recipients === undefined ? '' : '.age'}`,
  );
  if (existsSync(file))
    throw new CommandError('file_exists', `${file} is there already; name another with --out`, EXIT.usage);
  const spool = mkdtempSync(`${file}.partial-`);
  try {
    const plain = recipients === undefined ? file : join(spool, 'plain.tar');
    const made = await makePack(context, selection, plain, spool);
    if (made === undefined) {
      context.note('nothing is called so, or nothing was received then');
      return EXIT.nothing;
    }
    const log = custodyFile(file);
    if (recipients === undefined) {
      addCustody(log, custodyEntry(context, 'created', made.sha256, `ascribe ${version}, key ${made.key}`));
    } else await encrypt(context, { made, plain, file, spool }, recipients);
    tellMade(context, { ...made, file }, recipients !== undefined);
    return made.absent > 0 ? EXIT.partial : EXIT.done;
  } finally {
    rmSync(spool, { recursive: true, force: true });
  }
}

/** Undefined when the pack is not to be encrypted. A text that is no public key is not repeated: it may be the private one. */
function recipientsOf(
  context: CommandContext,
  { encryptTo = [], recipientsFile }: PackOptions,
): Recipients | undefined {
  if (encryptTo.length === 0 && recipientsFile === undefined) return undefined;
  if (!encryptTo.every(isRecipient)) {
    throw new CommandError('bad_recipient', '--encrypt-to is no public key of age (age1…) or SSH', EXIT.usage);
  }
  const files = recipientsFile === undefined ? [] : [resolve(context.io.cwd, recipientsFile)];
  const missing = files.find((path) => !existsSync(path));
  if (missing !== undefined) throw new CommandError('no_recipients', `there is no file ${missing}`, EXIT.usage);
  return { keys: encryptTo, files };
}

interface PlainPack {
  readonly made: PackSummary;
  readonly plain: string;
  readonly file: string;
  readonly spool: string;
}

async function encrypt(
  context: CommandContext,
  { made, plain, file, spool }: PlainPack,
  recipients: Recipients,
): Promise<void> {
  const encrypted = join(spool, 'pack.age');
  await encryptFile(plain, encrypted, recipients, context.io.env['PATH'] ?? process.env['PATH']);
  chmodSync(encrypted, 0o440);
  renameSync(encrypted, file);
  const log = custodyFile(file);
  addCustody(log, custodyEntry(context, 'created', made.sha256, `ascribe ${version}, key ${made.key}`));
  const readers = [...recipients.keys, ...recipients.files].join(', ');
  addCustody(log, custodyEntry(context, 'encrypted', sha256OfFile(file), `to ${readers}`));
}

/** Undefined when nothing is called so. The facts are made beside the rest. */
async function makePack(
  context: CommandContext,
  selection: Selection,
  file: string,
  spool: string,
): Promise<PackSummary | undefined> {
  const { journal } = dataLayout(requireDataDirectory(context));
  const { devices } = context.loaded.config;
  const scopeFile = join(spool, 'scope.db');
  const scope = new Scope(scopeFile);
  let job: BegunJob<PackJobs['make_facts'][1]> | undefined;
  try {
    const begin = (): void => {
      const given = { journal, scope: scopeFile, file: factsFile(spool), devices };
      job = beginPackJob('make_facts', given, scope.counts.seqs > MANY_RECORDS);
    };
    const writer = collect(context, selection, { scope, file, spool }, begin);
    return job === undefined ? undefined : writer?.finish(await job.made);
  } finally {
    await job?.stop();
    scope.close();
  }
}

interface Place {
  readonly scope: Scope;
  readonly file: string;
  readonly spool: string;
}

/** Reads the databases; `begin` is called when the scope is known. */
function collect(
  context: CommandContext,
  selection: Selection,
  place: Place,
  begin: () => void,
): PackWriter | undefined {
  const { journal, keys, casework } = dataLayout(requireDataDirectory(context));
  const { config, file: configFile, directory } = context.loaded;
  const { scope } = place;
  const settings = new ToldSettings(settingsFor(config.devices));
  const progress = context.progress({ label: 'packing', format: (records) => `${formatCount(records)} records` });
  const reader = new JournalReader(journal);
  try {
    return readAnalysis(context, (db) => {
      const consulted = new ConsultedRecords(db, verdictRules(config, settings.of));
      if (!select(db, reader, selection, scope, consulted)) return undefined;
      begin();
      const { lists } = loadDestinationLists(config.destinations.lists, directory, context.io.now());
      const writer = new PackWriter({
        db,
        journal,
        keys: SigningKeys.open(keys),
        selection,
        ...place,
        version,
        configuration: configFile === undefined ? undefined : hash('sha256', readFileSync(configFile), 'hex'),
        settings,
        consulted,
        rules: rulesInForce(db, scope, config, { casework, lists, directory }),
        onRecord: (records) => progress.update(records),
      });
      writer.collect();
      return writer;
    });
  } finally {
    progress.finish();
    reader.close();
  }
}

function defaultName(selection: Selection): string {
  const text = hash('sha256', JSON.stringify(selection), 'hex').slice(0, 12);
  return `ascribe-evidence-${selection.kind}-${text}.tar`;
}

function tellMade(context: CommandContext, made: PackSummary, isEncrypted: boolean): void {
  if (context.json) {
    context.printJson({
      'ascribe.evidence': 'packed',
      'ascribe.evidence.encrypted': isEncrypted,
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
  const what = isEncrypted ? ' before it was encrypted' : '';
  context.print(`${context.text(made.file)}  ${formatBytes(made.bytes)}  sha256 ${made.sha256}${what}`);
  context.print(
    `${counted(made.records, 'raw record')} (${formatCount(made.proved)} in sealed segments), ${counted(made.facts, 'fact')}, ${counted(made.sessions, 'session')}, ${counted(made.findings, 'finding')}; key ${made.key}`,
  );
  if (made.absent > 0)
    context.warn(`${counted(made.absent, 'record')} pointed to by what was derived are no longer in the journal`);
  context.note('the raw records may hold secrets that devices sent; the README in the pack says how to check it');
}
