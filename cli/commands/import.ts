import type { RawRecord } from '../../collectors/contract';
import type { ImportSummary } from '../../collectors/import/import-model';
import type * as ImportReaderModule from '../../collectors/import/import-reader';
import type * as DataLockModule from '../../store/journal/data-lock';
import type * as JournalModule from '../../store/journal/journal';
import type * as SigningKeysModule from '../../store/journal/signing-keys';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { dataLayout, type DataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { formatBytes, formatCount } from '../output/units';
import type * as OfflineModule from '../pipeline/offline';

const BATCH_RECORDS = 4096;
const BATCH_BYTES = 4 << 20;

interface Imported {
  readonly file: string;
  readonly summary: ImportSummary | undefined;
  /** Why the file could not be read at all. */
  readonly failure: string | undefined;
}

/** `import FILE…`: captures, payload files and syslog text into the same journal as live data. */
export const importCommand: AscribeCommand = {
  name: 'import',
  define(program, host) {
    program
      .command('import')
      .description('take in captures (pcap, pcapng), flow payload files and syslog text, also .gz')
      .argument('<files...>', 'what to take in, in this order')
      .option('--port <port...>', 'of captures, take only these UDP destination ports, and everything on them')
      .action(host.action((context, files, { port }) => importFiles(context, files, port)));
  },
};

async function importFiles(
  context: CommandContext,
  files: readonly string[],
  ports: readonly string[] | undefined,
): Promise<CommandResult> {
  const { DataLock } = require('../../store/journal/data-lock') as typeof DataLockModule;
  const { catchUp } = require('../pipeline/offline') as typeof OfflineModule;
  const layout = dataLayout(context.dataDirectory);
  const { config } = context.loaded;
  const only = ports === undefined ? undefined : new Set(ports.map(portNumber));
  const lock = DataLock.acquire(layout.root);
  try {
    const imported = await journalFiles(context, layout, files, only);
    const progress = context.progress({ label: 'facts and sessions' });
    const isAborted = (): boolean => context.io.interruption.received !== undefined;
    const made = catchUp(layout, config, (_stage, done) => progress.update(done), isAborted);
    progress.finish();
    report(context, imported, made);
    const partial = imported.some(({ summary, failure }) => failure !== undefined || summary?.truncated !== undefined);
    const none = imported.every(({ failure }) => failure !== undefined);
    if (none) return EXIT.failed;
    return partial ? EXIT.partial : EXIT.done;
  } finally {
    lock.release();
  }
}

async function journalFiles(
  context: CommandContext,
  layout: DataLayout,
  files: readonly string[],
  ports: ReadonlySet<number> | undefined,
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
  const imported: Imported[] = [];
  try {
    for (const file of files) imported.push(await journalFile(context, journal, file, ports));
  } finally {
    journal.close();
  }
  return imported;
}

async function journalFile(
  context: CommandContext,
  journal: JournalModule.Journal,
  file: string,
  ports: ReadonlySet<number> | undefined,
): Promise<Imported> {
  const { openImport } = require('../../collectors/import/import-reader') as typeof ImportReaderModule;
  const progress = context.progress({ label: file, format: formatCount });
  try {
    const reader = await openImport(file, ports === undefined ? {} : { ports });
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
    const { kind, records, recordBytes, skipped, truncated } = summary;
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
      });
    } else {
      const rest = left.length === 0 ? '' : `; passed over: ${left.join(', ')}`;
      context.print(
        `${context.text(file)}: ${kind}, ${formatCount(records)} records, ${formatBytes(recordBytes)}${rest}`,
      );
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
