import type { X509Certificate } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Comparison, PackReport, Rederived } from '../../store/evidence/contract';
import { addCustody, custodyFile } from '../../store/evidence/custody';
import { TimestampError } from '../../store/evidence/timestamp/contract';
import { readStamp, stampFile } from '../../store/evidence/timestamp/stamp-file';
import { type ReadAgain, verifyPack } from '../../store/evidence/verify-pack';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import { counted, formatCount } from '../output/units';
import { AGE_MAGIC } from '../pipeline/age';
import { beginPackJob } from '../pipeline/pack-jobs';
import { messageOf } from '../thrown';
import { version } from '../version';
import { custodyEntry, requirePack } from './evidence-file';
import { authoritiesIn, stampText } from './evidence-timestamp-answer';

const NONE: Rederived = { same: 0, differ: 0, absent: 0 };
const NOTHING_COMPARED = { sessions: NONE, verdicts: NONE, findings: NONE };

/** Raw records of more bytes, as text, are worth threads. */
const MANY_BYTES = 2 << 20;

/** Each in a thread of its own for a large pack. */
export const AGAIN: ReadAgain = {
  facts: (pack) => beginPackJob('facts_again', pack, pack.records.size > MANY_BYTES).made,
  derived: (pack) => beginPackJob('derived_again', pack, pack.records.size > MANY_BYTES).made,
};

export interface VerifyOptions {
  /** Fingerprint of the key that must have signed it. */
  readonly key?: string | undefined;
  /** Nothing is read and derived again. */
  readonly integrity?: boolean | undefined;
  /** A PEM file with the authorities that must vouch for the time stamp, which must be there then. */
  readonly tsaCa?: string | undefined;
}

/** Answers `evidence verify`. */
export async function verify(context: CommandContext, given: string, options: VerifyOptions): Promise<CommandResult> {
  const file = requirePack(context, given);
  refuseEncrypted(context, file);
  const authorities = authoritiesIn(context, options.tsaCa);
  const found = await verifyPack(file, options.integrity === true ? undefined : AGAIN, options.key);
  const report = withStamp(file, found, authorities);
  const isWhole = report.faults.length === 0;
  const differ = differenceCount(report.comparison);
  tellReport(context, report);
  if (existsSync(custodyFile(file))) {
    const again = differ === 0 ? '' : `, ${differ} derived rows are not derived again the same`;
    const text = isWhole ? `ascribe ${version}, key ${report.key ?? ''}${again}` : `${report.faults.length} faults`;
    try {
      addCustody(custodyFile(file), custodyEntry(context, isWhole ? 'verified' : 'failed', report.sha256, text));
    } catch (error) {
      context.warn(`the custody log was not added to: ${messageOf(error)}`);
    }
  }
  if (!isWhole) return EXIT.failed;
  return differ === 0 ? EXIT.done : EXIT.partial;
}

function refuseEncrypted(context: CommandContext, file: string): void {
  const handle = openSync(file, 'r');
  const first = Buffer.alloc(AGE_MAGIC.length);
  try {
    readSync(handle, first, 0, first.length, 0);
  } finally {
    closeSync(handle);
  }
  if (first.toString('latin1') !== AGE_MAGIC) return;
  const text = `${context.text(file)} is encrypted; open it first: age --decrypt --identity KEYFILE --output PACK.tar ${context.text(file)}`;
  throw new CommandError('pack_encrypted', text, EXIT.usage);
}

/** Adds what the time stamp beside a pack says; one that does not hold is a fault. */
function withStamp(file: string, report: PackReport, authorities: readonly X509Certificate[] | undefined): PackReport {
  const fault = (text: string): PackReport => {
    return { ...report, faults: [...report.faults, { file: basename(stampFile(file)), text }] };
  };
  try {
    const stamp = readStamp(file, report.sha256, authorities);
    if (stamp === undefined) return authorities === undefined ? report : fault('is not there');
    if (stamp.isTrusted === false) return fault(stampText(stamp));
    const who = stamp.isTrusted === undefined ? '; whose certificate that is was not asked (--tsa-ca)' : '';
    return { ...report, notes: [...report.notes, `${stampText(stamp)}${who}`] };
  } catch (error) {
    if (!(error instanceof TimestampError)) throw error;
    return fault(error.message);
  }
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
  const again = report.facts === undefined ? '' : `, ${counted(report.facts, 'fact')} read again the same`;
  context.print(
    `${style.good('whole')}: ${counted(report.records, 'record')} (${formatCount(report.proved)} proved by seals)${again}; key ${report.key ?? ''}`,
  );
  if (report.comparison === undefined) context.note('nothing was derived again');
  else tellComparison(context, report.comparison);
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
