import type { RawRecord } from '../../collectors/contract';
import type { ImportSummary } from '../../collectors/import/import-model';
import type { ImportSettings } from '../../collectors/import/import-reader';
import type * as ImportReaderModule from '../../collectors/import/import-reader';
import type * as DataLockModule from '../../store/journal/data-lock';
import type * as JournalModule from '../../store/journal/journal';
import type * as OperatorIntakeModule from '../pipeline/operator-intake';
import type * as SigningKeysModule from '../../store/journal/signing-keys';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { dataLayout, type DataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { formatBytes, formatCount } from '../output/units';
import type * as OfflineModule from '../pipeline/offline';
import { inForce } from './in-force';

const BATCH_RECORDS = 4096;
const BATCH_BYTES = 4 << 20;

interface Imported {
  readonly file: string;
  readonly summary: ImportSummary | undefined;
  /** Why the file could not be read at all. */
  readonly failure: string | undefined;
}

/** `import FILE…`: captures, payload files, lists of sessions, syslog text, logs and bundles of ESXi hosts into the same journal as live data. */
export const importCommand: AscribeCommand = {
  name: 'import',
  define(program, host) {
    program
      .command('import')
      .description(
        'take in captures, flow payload files, lists of sessions, syslog text, ESXi log files and support bundles, also .gz',
      )
      .argument('<files...>', 'what to take in, in this order')
      .option('--port <port...>', 'of captures, take only these UDP destination ports, and everything on them')
      .option('--traffic', 'captures hold traffic: meter it, instead of looking for flow export and syslog in it')
      .option('--device <name>', 'the host that ESXi log files and bundles are of, where they do not say')
      .action(host.audited((context, files, options) => importFiles(context, files, options)));
  },
};

interface ImportOptions {
  readonly port?: readonly string[] | undefined;
  readonly device?: string | undefined;
  readonly traffic?: true | undefined;
}

async function importFiles(
  context: CommandContext,
  files: readonly string[],
  { port: ports, device, traffic }: ImportOptions,
): Promise<CommandResult> {
  const { DataLock } = require('../../store/journal/data-lock') as typeof DataLockModule;
  const { catchUp } = require('../pipeline/offline') as typeof OfflineModule;
  const layout = dataLayout(context.dataDirectory);
  const how = {
    ...(ports !== undefined && { ports: new Set(ports.map(portNumber)) }),
    ...(device !== undefined && { device }),
    ...(traffic !== undefined && { traffic }),
  };
  const lock = DataLock.acquire(layout.root);
  try {
    const imported = await journalFiles(context, layout, files, how);
    const progress = context.progress({ label: 'facts and sessions' });
    const isAborted = (): boolean => context.io.interruption.received !== undefined;
    const made = catchUp(layout, inForce(context), (_stage, done) => progress.update(done), isAborted);
    progress.finish();
    report(context, imported, made);
    const partial = imported.some(isPartial);
    const none = imported.every(({ failure }) => failure !== undefined);
    if (none) return EXIT.failed;
    return partial ? EXIT.partial : EXIT.done;
  } finally {
    lock.release();
  }
}

function isPartial({ summary, failure }: Imported): boolean {
  return failure !== undefined || summary?.truncated !== undefined || (summary?.damaged.length ?? 0) > 0;
}

async function journalFiles(
  context: CommandContext,
  layout: DataLayout,
  files: readonly string[],
  how: Partial<ImportSettings>,
): Promise<Imported[]> {
  const { Journal } = require('../../store/journal/journal') as typeof JournalModule;
  const { SigningKeys } = require('../../store/journal/signing-keys') as typeof SigningKeysModule;
  const { journal: settings } = context.loaded.config;
  const journal = Journal.open(layout.journal, {
    keys: SigningKeys.open(layout.keys),
    rotateAfterMs: settings.rotate_after,
    rotateAfterBytes: settings.rotate_bytes,
    // A command that ends needs no reserve of its own.
    reserveBytes: 0,
  });
  const { takeOperatorRecords } = require('../pipeline/operator-intake') as typeof OperatorIntakeModule;
  const imported: Imported[] = [];
  try {
    takeOperatorRecords(journal, layout.operator);
    for (const file of files) imported.push(await journalFile(context, journal, file, how));
  } finally {
    journal.close();
  }
  return imported;
}

async function journalFile(
  context: CommandContext,
  journal: JournalModule.Journal,
  file: string,
  how: Partial<ImportSettings>,
): Promise<Imported> {
  const { openImport } = require('../../collectors/import/import-reader') as typeof ImportReaderModule;
  const progress = context.progress({ label: file, format: formatCount });
  try {
    const reader = await openImport(file, how);
    let batch: RawRecord[] = [];
    let bytes = 0;
    let records = 0;
    for await (const record of reader.records()) {
      batch.push(record);
      bytes += record.bytes.length;
      if (batch.length < BATCH_RECORDS && bytes < BATCH_BYTES) continue;
      journal.append(batch);
      records += batch.length;
      progress.update(records);
      batch = [];
      bytes = 0;
      if (context.io.interruption.received !== undefined) break;
    }
    journal.append(batch);
    return { file, summary: reader.summary, failure: undefined };
  } catch (error) {
    return { file, summary: undefined, failure: error instanceof Error ? error.message : String(error) };
  } finally {
    progress.finish();
  }
}

function report(context: CommandContext, imported: readonly Imported[], made: OfflineModule.CaughtUp): void {
  for (const { file, summary, failure } of imported) {
    if (failure !== undefined) {
      context.warn(`${file}: not imported: ${failure}`);
      continue;
    }
    if (summary === undefined) continue;
    const { kind, records, recordBytes, skipped, truncated, damaged } = summary;
    const left = [...skipped].map(([reason, count]) => `${count} ${reason}`);
    if (context.json) {
      context.printJson({
        'file.path': file,
        'ascribe.import.kind': kind,
        'ascribe.import.records': records,
        'ascribe.import.bytes': recordBytes,
        'ascribe.import.skipped': Object.fromEntries(skipped),
        'ascribe.import.truncated_at': truncated?.offset,
        'ascribe.import.truncated_reason': truncated?.reason,
        'ascribe.import.damaged': damaged.length === 0 ? undefined : damaged.map(({ path }) => path),
      });
    } else {
      const rest = left.length === 0 ? '' : `; passed over: ${left.join(', ')}`;
      context.print(
        `${context.text(file)}: ${kind}, ${formatCount(records)} records, ${formatBytes(recordBytes)}${rest}`,
      );
    }
    for (const { path, offset, detail } of damaged) {
      context.warn(`${file}: ${path} is damaged at byte ${offset} (${detail}); what is whole before it is in`);
    }
    if (truncated !== undefined) {
      context.warn(
        `${file}: ends early at byte ${truncated.offset} (${truncated.detail}); what is whole before it is in`,
      );
    }
  }
  if (!context.json) {
    context.print(`${formatCount(made.flows)} flows and ${formatCount(made.facts)} other facts derived`);
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new CommandError('bad_port', `--port: "${text}" is not a port (1 to 65535)`, EXIT.usage);
}
