import type { ImportReader } from '../../collectors/import/import-reader';
import type * as ImportReaderModule from '../../collectors/import/import-reader';
import { canonicalAddress } from '../../normalizer/model/address';
import type { DeviceSettings } from '../../normalizer/settings';
import type * as RegistryModule from '../../normalizer/syslog/registry';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type * as DryRunModule from '../pipeline/dry-run';
import { configRecord } from './parse-config';
import { esxiCommandRecord } from './parse-esxi';

/** Kinds of input, and how its files are read: `output` is one command's output as a whole. */
const KINDS = { flow: 'flow_payload', syslog: 'text', esxi: 'log', config: 'output' } as const;
type Kind = keyof typeof KINDS;

interface ParseOptions {
  readonly profile?: string | undefined;
  readonly timezone?: string | undefined;
  readonly device?: string | undefined;
  readonly command?: string | undefined;
  readonly receivedAt?: string | undefined;
}

/** `parse KIND [FILE…]`: what the normalizer makes of input, without storing anything. */
export const parseCommand: AscribeCommand = {
  name: 'parse',
  define(program, host) {
    program
      .command('parse')
      .description('dry run of the normalizer: one ECS object a line for each fact; stores nothing')
      .argument('<kind>', `what the input is: ${Object.keys(KINDS).join(', ')}`)
      .argument(
        '[files...]',
        'captures (pcap, pcapng), files of one UDP payload each, syslog text, log files and outputs of commands of ESXi hosts, configurations; - is standard input',
      )
      .option('--profile <vendor>', 'vendor of the syslog messages or of the configuration, whatever it looks like')
      .option('--timezone <zone>', 'zone of times that name none (Europe/Berlin); UTC when left out')
      .option('--device <name>', 'name of the device, or the address it sends from')
      .option('--command <name>', 'of an ESXi host: the command that the input is the output of (connection_list)')
      .option('--received-at <time>', 'when the input was received; default: capture time, file time, or now')
      .action(host.action((context, kind, files, options) => parse(context, kind, files, options)));
  },
};

async function parse(
  context: CommandContext,
  kind: string,
  files: readonly string[],
  options: ParseOptions,
): Promise<CommandResult> {
  if (!isKind(kind)) {
    throw new CommandError('bad_kind', `"${kind}" cannot be parsed: use ${Object.keys(KINDS).join(', ')}`, EXIT.usage);
  }
  if (options.command !== undefined && kind !== 'esxi') {
    throw new CommandError('bad_option', '--command is for outputs of ESXi hosts (parse esxi)', EXIT.usage);
  }
  const { DryRun } = require('../pipeline/dry-run') as typeof DryRunModule;
  const run = new DryRun(deviceSettings(options, kind), (object) => context.printJson(object));
  let damaged = false;
  for (const file of files.length === 0 ? ['-'] : files) {
    const assume = KINDS[kind];
    if (assume === 'output') {
      run.take(await configRecord(context, file, options.profile, received(context, options)));
      continue;
    }
    const output =
      kind === 'esxi' ? await esxiCommandRecord(context, file, options.command, received(context, options)) : undefined;
    if (output !== undefined) {
      run.take(output);
      continue;
    }
    const reader = await open(context, assume, file, options);
    for await (const record of reader.records()) run.take(record);
    const { truncated } = reader.summary;
    if (truncated === undefined) continue;
    damaged = true;
    context.warn(`${file}: ended at byte ${truncated.offset}: ${truncated.detail}`);
  }
  run.finish();
  if (run.rejected > 0) context.note(`${run.rejected} of ${run.records} records could not be read in full`);
  return damaged || run.rejected > 0 ? EXIT.partial : EXIT.done;
}

function received(context: CommandContext, { receivedAt }: ParseOptions): number | undefined {
  return receivedAt === undefined ? undefined : context.time('--received-at', receivedAt);
}

function open(
  context: CommandContext,
  assume: Exclude<(typeof KINDS)[Kind], 'output'>,
  file: string,
  options: ParseOptions,
): Promise<ImportReader> | ImportReader {
  const { importStream, openImport } = require('../../collectors/import/import-reader') as typeof ImportReaderModule;
  const zone = options.timezone === undefined ? {} : { timezone: options.timezone };
  const receivedAt = received(context, options);
  if (file === '-') {
    return importStream(context.io.stdin, {
      source: 'stdin',
      receivedAt: receivedAt ?? context.io.now(),
      assume,
      ...zone,
    });
  }
  return openImport(file, { assume, ...zone, ...(receivedAt === undefined ? {} : { receivedAt }) });
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

function deviceSettings({ profile, timezone, device }: ParseOptions, kind: Kind): DeviceSettings {
  if (timezone !== undefined) checkTimezone(timezone);
  if (profile !== undefined && kind !== 'config') checkProfile(profile);
  return {
    ...(profile === undefined ? {} : { profile }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(device === undefined ? {} : { name: canonicalAddress(device) ?? device }),
  };
}

function checkProfile(profile: string): void {
  const { VENDORS } = require('../../normalizer/syslog/registry') as typeof RegistryModule;
  if (VENDORS.some(({ name }) => name === profile)) return;
  const known = VENDORS.map(({ name }) => name).join(', ');
  throw new CommandError('bad_profile', `--profile: "${profile}" is not one of ${known}`, EXIT.usage);
}

function checkTimezone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
  } catch (error) {
    throw new CommandError('bad_timezone', `--timezone: "${zone}" is no IANA zone (Europe/Berlin)`, EXIT.usage, {
      cause: error,
    });
  }
}
