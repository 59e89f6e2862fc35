import { REASONS } from '../../attribution/verdicts/reasons.data';
import { leafHash, originDigest } from '../../store/journal/leaf';
import { JournalReader } from '../../store/journal/journal-reader';
import type { VerdictDetail } from '../../store/queries/verdicts';
import type { SessionRow } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import { dataLayout } from '../data-layout';
import { formatDuration } from '../output/units';
import { requireDataDirectory } from './data-directory';
import { plain } from './session-ecs';
import { ownerText, share, toSeconds, words } from './sessions-answer';

/** Records of one step whose hashes are shown to people; `--json` has all. */
const SHOWN_RECORDS = 4;

/** Digits of a hash that are shown to people. */
const SHOWN_DIGITS = 12;

/** Leaf hashes of journal records by position; those that are no longer kept are not in it. */
type Hashes = ReadonlyMap<number, string>;

/** Prints who began a session: the verdict, one sentence a step, the rivals, and what would make it surer. */
export function printChain(context: CommandContext, detail: VerdictDetail): void {
  const { verdict, owners, steps, legs } = detail;
  const hashes = hashesOf(context, steps);
  const status = words(verdict['status']);
  const who = ownerText(verdict);
  const named = who === '' || who === '-' ? 'nobody can be named' : who;
  const answer = context.text(`${named}, ${status}`);
  const painted = status === 'attributed' ? context.style.good(answer) : context.style.warn(answer);
  context.print(`${context.style.bold('begun by')}  ${painted}, ${share(verdict['confidence'])} sure`);
  for (const [i, step] of steps.entries()) {
    context.print(`  ${String(i + 1).padStart(2)}. ${context.text(sentence(step))}`);
    context.print(`      ${context.text(evidence(context, step, hashes))}`);
  }
  const rivals = owners.slice(1);
  if (rivals.length > 0) context.print(context.style.bold('rivals'));
  for (const rival of rivals)
    context.print(`  ${share(rival['weight']).padStart(5)}  ${context.text(rivalText(rival))}`);
  if (legs.length > 0)
    context.print(
      `${context.style.bold('also seen as')}  ${legs.join(', ')} (on the other side of a translation; not added)`,
    );
  if (words(verdict['leg_of']) !== '')
    context.print(`${context.style.bold('is a leg of')}  ${words(verdict['leg_of'])}`);
  printReasons(context, words(verdict['reasons']));
}

/** The verdict, its candidates and its steps as objects, each with the session's id; steps with the hashes of their records. */
export function chainJson(context: CommandContext, { verdict, owners, steps, legs }: VerdictDetail): void {
  const hashes = hashesOf(context, steps);
  const session = plain(verdict['session']);
  const part = (kind: string, row: SessionRow, more: Record<string, unknown> = {}) => {
    const members = Object.entries(row)
      .filter(([name]) => name !== 'session' && name !== 'source' && name !== 'raw_seqs' && name !== 'reasons')
      .map(([name, value]) => [`ascribe.${kind}.${name}`, plain(value)]);
    context.printJson({ 'ascribe.part': kind, 'ascribe.session.id': session, ...Object.fromEntries(members), ...more });
  };
  const reasons = words(verdict['reasons'])
    .split(' ')
    .filter((code) => code !== '');
  part('verdict', verdict, {
    'ascribe.verdict.reasons': reasons,
    'ascribe.verdict.help': helpFor(reasons),
    'ascribe.verdict.legs': legs,
  });
  for (const owner of owners) part('owner', owner);
  for (const step of steps) {
    const records = rawSeqs(step).map((seq) => ({ raw_seq: seq, sha256: hashes.get(seq) ?? null }));
    part('step', step, { 'ascribe.step.records': records });
  }
}

/** One step as a sentence. */
function sentence(step: SessionRow): string {
  const [from, to, device] = [words(step['from']), words(step['to']), words(step['device'])];
  switch (words(step['relation'])) {
    case 'flow':
      return `${device} saw ${from} talk to ${to}`;
    case 'nat':
      return `${from} was the translation of ${to}: ${words(step['detail'])}`;
    case 'destination':
      return `${from} was translated to ${to}, says ${device}`;
    case 'proxy':
      return `the proxy made ${from} for ${to}, logs ${device}: ${words(step['detail'])}`;
    case 'client-leg':
      return `${device} saw the client's own session with the proxy: ${to} (session ${from})`;
    case 'leg':
      return `${device} saw the same communication before translation: ${to} (session ${from})`;
    case 'home':
      return `${from} is ${to}`;
    case 'ip-mac':
      return `${from} was at the MAC address ${to}, says ${device}`;
    case 'ip-dhcp':
      return `${from} was leased to ${to}, says ${device}`;
    case 'ip-vm':
      return `the guest of ${to} says that it had ${from}, read from ${device}`;
    case 'ip-device':
      return `${from} is an own address of ${to}, says ${device}`;
    case 'ip-user':
      return `${from} was used by ${to}, says ${device}`;
    case 'dvport-vnic':
      return `the switch ${from} belonged to the MAC address ${to}, says ${device}`;
    case 'mac-vnic':
      return `${from} belonged to the adapter ${to}, says ${device}`;
    case 'vnic-vm':
      return `the adapter ${from} belonged to the VM ${to}, says ${device}`;
    case 'vm-host':
      return `the VM ${from} ran on ${to}, says ${device}`;
    case 'socket-process':
      return `the socket ${from} was held by ${to}, says ${device}`;
    case 'config-endpoint':
      return `${device} declares ${from} in line ${to}`;
    case 'blind':
      return `of the ${from} ${to}`;
    case 'rule':
      return `the rule ${from} of ${device} let it out: ${to}`;
    default:
      return `${from} ${words(step['relation'])} ${to}, says ${device}`;
  }
}

/** When it held, how sure it is, how the clock was corrected, and the records that prove it. */
function evidence(context: CommandContext, step: SessionRow, hashes: Hashes): string {
  const parts: string[] = [];
  const held = span(context, step);
  if (held !== '') parts.push(held);
  const offset = Number(step['clock_offset']);
  if (offset !== 0) parts.push(`its clock was ${formatDuration(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`);
  parts.push(`${share(step['confidence'])} sure`);
  const detail = words(step['detail']);
  if (detail !== '' && step['relation'] !== 'nat' && step['relation'] !== 'proxy') parts.push(detail);
  const seqs = rawSeqs(step);
  const shown = seqs.slice(0, SHOWN_RECORDS).map((seq) => recordText(seq, hashes));
  const more = seqs.length > SHOWN_RECORDS ? ` and ${seqs.length - SHOWN_RECORDS} more` : '';
  if (shown.length > 0) parts.push(`journal ${shown.join(', ')}${more}`);
  return parts.join('; ');
}

function span(context: CommandContext, step: SessionRow): string {
  const time = (name: string): string | undefined =>
    typeof step[name] === 'number' ? toSeconds(context.formatTime(step[name])) : undefined;
  const [from, to] = [time('valid_from'), time('valid_to')];
  if (from !== undefined && to !== undefined) return `from ${from} to ${to}`;
  if (from !== undefined) return `from ${from}`;
  return to === undefined ? '' : `until ${to}`;
}

function recordText(seq: number, hashes: Hashes): string {
  const hash = hashes.get(seq);
  return hash === undefined ? `${seq} (no longer kept)` : `${seq} (sha256 ${hash.slice(0, SHOWN_DIGITS)}…)`;
}

function rivalText(rival: SessionRow): string {
  const host = words(rival['host']);
  return `${words(rival['name'])} (${words(rival['kind'])} ${words(rival['owner'])}${host === '' ? '' : ` on ${host}`})`;
}

function printReasons(context: CommandContext, reasons: string): void {
  const codes = reasons.split(' ').filter((code) => code !== '');
  if (codes.length === 0) return;
  context.print(context.style.bold('why not surer'));
  for (const code of codes) context.print(`  ${code}: ${REASONS[code]?.meaning ?? 'not known to this version'}`);
  const help = helpFor(codes);
  if (help.length === 0) return;
  context.print(context.style.bold('what would help'));
  for (const text of help) context.print(`  ${text}`);
}

function helpFor(codes: readonly string[]): string[] {
  return [...new Set(codes.map((code) => REASONS[code]?.help ?? ''))].filter((text) => text !== '');
}

function rawSeqs(step: SessionRow): number[] {
  return JSON.parse(words(step['raw_seqs'])) as number[];
}

/** Reads the records of the steps from the journal. */
function hashesOf(context: CommandContext, steps: readonly SessionRow[]): Hashes {
  const hashes = new Map<number, string>();
  const journal = new JournalReader(dataLayout(requireDataDirectory(context)).journal);
  try {
    for (const seq of new Set(steps.flatMap((step) => rawSeqs(step)))) {
      const record = journal.get(seq);
      if (record === undefined) continue;
      const digest = originDigest(record.origin);
      hashes.set(seq, leafHash(seq, record.receivedAt, digest, record.bytes).toString('hex'));
    }
  } finally {
    journal.close();
  }
  return hashes;
}
