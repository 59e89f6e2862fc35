import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fingerprintOf, loadPublicKey } from '../../store/journal/signing-keys';
import { verifyJournal } from '../../store/journal/verify';
import type { Fault, VerifyReport } from '../../store/journal/verify-report';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { counted, formatBytes, formatCount } from '../output/units';
import { codeOf, messageOf } from '../thrown';
import { withCheckpoints } from './checkpoints-given';
import { requireDataDirectory } from './data-directory';

export interface VerifyOptions {
  /** Path of the key, in PEM. */
  readonly publicKey?: string | undefined;
  /** Hashes of checkpoints that were kept elsewhere, or files with them. */
  readonly checkpoint?: readonly string[] | undefined;
}

/** Proves the journal and names each fault. */
export function verify(
  context: CommandContext,
  { publicKey: publicKeyFile, checkpoint }: VerifyOptions,
): CommandResult {
  const { journal, keys } = dataLayout(requireDataDirectory(context));
  if (!existsSync(journal)) {
    throw new CommandError('no_journal', `there is no journal ${journal}`, EXIT.noDataDirectory);
  }
  const publicKey = publicKeyFile === undefined ? loadPublicKey(keys) : readPublicKey(context, publicKeyFile);
  let place = '';
  const progress = context.progress({
    label: 'verifying',
    format: (records) => `${formatCount(records)} records${place}`,
  });
  const found = verifyJournal(journal, publicKey, ({ number, segments, records }) => {
    place = `, segment ${number} of ${segments}`;
    progress.update(records);
  });
  progress.finish();
  const report = withCheckpoints(found, checkpoint ?? [], journal, publicKey, context.io.cwd);
  if (context.json) printReportJson(context, report, publicKey);
  else printReport(context, report, publicKey);
  return report.ok ? EXIT.done : EXIT.failed;
}

function readPublicKey(context: CommandContext, file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(resolve(context.io.cwd, file), 'utf8'));
  } catch (error) {
    throw new CommandError(
      'bad_public_key',
      `${file} cannot be read as a public key (PEM): ${codeOf(error) ?? messageOf(error)}`,
      EXIT.usage,
      { cause: error },
    );
  }
}

function printReport(context: CommandContext, report: VerifyReport, publicKey: KeyObject): void {
  const { style } = context;
  for (const fault of report.faults) {
    const segment = fault.segment === undefined ? '' : `${fault.segment}: `;
    context.print(`${style.bad('FAULT')}  ${fault.code}  ${context.text(`${segment}${fault.text}`)}`);
  }
  if (report.unlistedFaults > 0)
    context.print(`and ${formatCount(report.unlistedFaults)} more faults of the same kinds`);
  for (const note of report.notes) context.print(`note   ${context.text(note)}`);
  const { records, segments, retired, bytes } = report;
  const faults = report.faults.length + report.unlistedFaults;
  const verdict = report.ok ? style.good('whole') : style.bad(counted(faults, 'fault'));
  const gone = retired === 0 ? '' : `, ${formatCount(retired)} retired on purpose`;
  context.print(
    `${verdict}: ${counted(records, 'record')} (${formatBytes(bytes)}) in ${counted(segments, 'segment')}${gone}; key ${fingerprintOf(publicKey)}`,
  );
}

function printReportJson(context: CommandContext, report: VerifyReport, publicKey: KeyObject): void {
  for (const fault of report.faults) context.printJson({ 'ascribe.verify': 'fault', ...faultMembers(fault) });
  for (const message of report.notes) context.printJson({ 'ascribe.verify': 'note', message });
  context.printJson({
    'ascribe.verify': 'summary',
    'event.outcome': report.ok ? 'success' : 'failure',
    'ascribe.verify.faults': report.faults.length + report.unlistedFaults,
    'ascribe.verify.segments': report.segments,
    'ascribe.verify.retired': report.retired,
    'ascribe.verify.records': report.records,
    'ascribe.verify.bytes': report.bytes,
    'ascribe.raw_seq.first': report.firstSeq,
    'ascribe.raw_seq.last': report.lastSeq,
    'ascribe.verify.key': fingerprintOf(publicKey),
  });
}

function faultMembers({ code, segment, seq, lastSeq, text }: Fault) {
  return {
    'error.code': code,
    'error.message': text,
    'ascribe.segment': segment,
    'ascribe.raw_seq': seq,
    'ascribe.raw_seq.last': lastSeq,
  };
}
