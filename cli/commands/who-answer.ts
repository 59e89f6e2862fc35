import type { Database } from 'better-sqlite3';
import { knownAt } from '../../attribution/bindings/known-at';
import type { BindingRowFound } from '../../store/queries/bindings';
import type { BlindSpot } from '../../store/analysis/blind-record';
import { blindSpotsOf } from '../../store/queries/blind';
import { blindExtent, blindSource } from '../../store/queries/blind-text';
import { bindingsOf, heldSurely, type Holder, isTranslated, parseHolder } from '../../store/queries/who';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import { counted, formatDuration } from '../output/units';
import { readAnalysis } from './analysis';
import { bindingEcs } from './binding-ecs';
import { records, toldBy } from './bindings-answer';
import { toSeconds, words } from './sessions-answer';

/** What `who` is asked, besides the address. Times in epoch ms. */
export interface WhoQuestion {
  readonly at: number;
  readonly scope: string | undefined;
  /** Receive time up to which records count. */
  readonly knownAt: number | undefined;
  readonly limit: number;
}

/** Series of one name that are derived again for `--as-known-at`. */
const MOST_SERIES = 5000;

/** What a relation says of the one who was asked for. `key` and `value` tell on which side it stands. */
const MEANING: Readonly<Record<string, { readonly key: string; readonly value: string }>> = {
  'ip-mac': { key: 'had the MAC address', value: 'had the address' },
  'ip-dhcp': { key: 'was leased to', value: 'was leased the address' },
  'ip-user': { key: 'was used by', value: 'used the address' },
  'ip-vm': { key: 'belonged to the VM', value: 'had the address' },
  'ip-device': { key: 'is an own address of', value: 'has the own address' },
  nat: { key: 'was the translation of', value: 'was translated to' },
  'nat-block': { key: 'was a block of ports given to', value: 'was given the block of ports' },
  'mac-vnic': { key: 'belonged to the adapter', value: 'had the MAC address' },
  'vnic-vm': { key: 'belonged to the VM', value: 'had the adapter' },
  'vm-host': { key: 'ran on', value: 'ran the VM' },
  'mac-switchport': { key: 'was at the switch port', value: 'had at it the MAC address' },
  'dvport-vnic': { key: 'was the switch port of', value: 'was behind the switch port' },
};

interface Found {
  readonly rows: readonly BindingRowFound[];
  /** Translations exist whose port was not asked for. */
  readonly hasPorts: boolean;
  /** When nothing held then: what held nearest before or after. */
  readonly nearest: BindingRowFound | undefined;
  /** When those who told could not be heard then. */
  readonly blind: readonly BlindSpot[];
}

/** Answers `who`. Throws `CommandError` for what is no address. */
export function answerWho(context: CommandContext, address: string, question: WhoQuestion): CommandResult {
  const holder = parseHolder(address);
  if (holder === undefined) {
    const forms = '10.0.0.5, 192.0.2.1:5000/tcp, [2001:db8::1]:5000 or a MAC address';
    throw new CommandError('bad_address', `"${address}" is no address (write ${forms})`, EXIT.usage);
  }
  const found = readAnalysis(context, (db) => find(db, holder, question));
  if (context.json) for (const row of found.rows) context.printJson(whoEcs(row, question.at));
  else if (found.rows.length > 0) printCandidates(context, holder, found.rows, question);
  for (const spot of found.blind) context.note(blindText(context, spot));
  if (found.hasPorts) context.note(`${nameOf(holder)} is also a translated address; name the port to see who held it`);
  if (found.rows.length > 0) return EXIT.done;
  context.note(`nobody is known to have held ${nameOf(holder)} at ${context.formatTime(question.at)}`);
  if (found.nearest !== undefined) context.note(`nearest: ${sentence(context, holder, found.nearest)}`);
  return EXIT.nothing;
}

function find(db: Database, holder: Holder, question: WhoQuestion): Found {
  const { at, knownAt: time, limit } = question;
  const scope = question.scope === undefined ? {} : { scope: question.scope };
  const all = (): BindingRowFound[] => {
    const rows = bindingsOf(db, { holder, ...scope, limit: MOST_SERIES });
    return time === undefined ? rows : knownAt(db, rows, time);
  };
  const rows = time === undefined ? bindingsOf(db, { holder, ...scope, at, limit }) : heldAt(all(), at).slice(0, limit);
  const hasPorts = holder.port === undefined && isTranslated(db, holder);
  const nearest = rows.length > 0 ? undefined : nearestTo(all(), at);
  const tellers = [...rows, ...(nearest === undefined ? [] : [nearest])].map((row) => words(row['device']));
  const blind = [...new Set(tellers)].flatMap((device) => blindSpotsOf(db, device, at, at));
  return { rows, hasPorts, nearest, blind: blind.filter(({ recordedAt }) => recordedAt <= (time ?? recordedAt)) };
}

/** A source that told not everything at the time, as a sentence. */
function blindText(context: CommandContext, spot: BlindSpot): string {
  const to = spot.to === null ? 'until now' : `to ${toSeconds(context.formatTime(spot.to))}`;
  const when = `from ${toSeconds(context.formatTime(spot.from))} ${to}`;
  return `of the ${blindSource(spot)} ${blindExtent(spot)} ${when}: others may have held it unseen`;
}

function heldAt(rows: readonly BindingRowFound[], at: number): BindingRowFound[] {
  return rows
    .filter((row) => Number(row['valid_from_lo']) <= at && at <= Number(row['valid_to_hi']))
    .sort((a, b) => Number(heldSurely(b, at)) - Number(heldSurely(a, at)));
}

function nearestTo(rows: readonly BindingRowFound[], at: number): BindingRowFound | undefined {
  return rows.toSorted((a, b) => distance(a, at) - distance(b, at))[0];
}

function distance(row: BindingRowFound, at: number): number {
  return Math.max(Number(row['valid_from_lo']) - at, at - Number(row['valid_to_hi']), 0);
}

function whoEcs(row: BindingRowFound, at: number): ReturnType<typeof bindingEcs> {
  return { ...bindingEcs(row), 'ascribe.certainty': heldSurely(row, at) ? 'certain' : 'possible' };
}

function printCandidates(
  context: CommandContext,
  holder: Holder,
  rows: readonly BindingRowFound[],
  { at, knownAt: time }: WhoQuestion,
): void {
  const known = time === undefined ? '' : `, as known at ${context.formatTime(time)}`;
  context.print(context.style.bold(`${context.text(nameOf(holder))} at ${context.formatTime(at)}${known}`));
  for (const row of rows) {
    const sure = heldSurely(row, at);
    const mark = sure ? context.style.good('certain ') : context.style.warn('possible');
    context.print(`  ${mark}  ${context.text(sentence(context, holder, row))}`);
    context.print(`            ${context.text(evidence(context, row, at))}`);
  }
  for (const line of conflicts(rows)) context.print(`  ${context.style.warn('conflict')}  ${context.text(line)}`);
}

/** Keys for which several values are told at the same time. */
function conflicts(rows: readonly BindingRowFound[]): string[] {
  const values = new Map<string, Set<unknown>>();
  for (const row of rows) {
    const key = `${words(row['relation'])} of ${words(row['key'])}`;
    values.set(key, (values.get(key) ?? new Set()).add(row['value']));
  }
  return [...values]
    .filter(([, told]) => told.size > 1)
    .map(([key, told]) => `${told.size} answers compete for ${key}; none is ruled out`);
}

/** `10.0.0.5 was leased to 02:00:5e:00:53:01`. */
function sentence(context: CommandContext, holder: Holder, row: BindingRowFound): string {
  const [key, value, relation] = [words(row['key']), words(row['value']), words(row['relation'])];
  const asKey = isName(key, holder);
  const meaning = MEANING[relation] ?? { key: `(${relation}) was`, value: `(${relation}) was of` };
  const text = asKey ? `${key} ${meaning.key} ${value}` : `${value} ${meaning.value} ${key}`;
  const destination = words(row['destination']);
  const scope = words(row['scope']);
  return `${text}${destination === '' ? '' : ` towards ${destination}`}${scope === '' ? '' : ` in ${scope}`}, ${span(context, row)}`;
}

/** Whether a key is a spelling of the holder's name: `TCP:192.0.2.1:5000`, `192.0.2.1:1024-2047`. */
function isName(key: string, { name }: Holder): boolean {
  return key === name || key.includes(`:${name}`) || key.includes(`[${name}]`) || key.startsWith(`${name}:`);
}

function span(context: CommandContext, row: BindingRowFound): string {
  const from = toSeconds(context.formatTime(Number(row['valid_from_hi'])));
  const to = toSeconds(context.formatTime(Number(row['valid_to_lo'])));
  const begin = row['begin_source'] === 'stated' ? `from ${from}` : `seen from ${from}`;
  if (row['end_source'] === 'stated') return `${begin} to ${to}`;
  return row['end_source'] === 'expiry' ? `${begin}, lease until ${to}` : `${begin}, last seen ${to}`;
}

/** Who says it, how often, how far from the time asked, and the records that prove it. */
function evidence(context: CommandContext, row: BindingRowFound, at: number): string {
  const seen = counted(Number(row['observations']), 'observation');
  const learnt = toSeconds(context.formatTime(Number(row['recorded_at'])));
  const before = Number(row['valid_from_hi']) - at;
  const after = at - Number(row['valid_to_lo']);
  const away =
    before > 0
      ? `; first seen ${formatDuration(before)} after the time asked`
      : after > 0
        ? `; last seen ${formatDuration(after)} before the time asked`
        : '';
  return `told by ${toldBy(row)}; ${seen}; journal records ${records(row)}; learnt ${learnt}; ${words(row['state'])}${away}`;
}

function nameOf({ name, kind, port, protocol }: Holder): string {
  if (kind === 'mac') return name;
  const host = port !== undefined && name.includes(':') ? `[${name}]` : name;
  return `${host}${port === undefined ? '' : `:${port}`}${protocol === undefined ? '' : `/${protocol.toLowerCase()}`}`;
}
