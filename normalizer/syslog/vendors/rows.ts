import type { DirectionSource } from '../../model/facts';
import type { Outcome, Reading } from './reading';
import { type Matcher, type Slot, scanText, scanToken, template } from './template';
import { integerOf } from './value';

/** How one message id becomes a fact: what it means, and the spellings it comes in. The notation is in `template.ts`. */
export type MessageRow = SessionRow | EventRow;

export interface SessionRow {
  readonly fact: 'session';
  readonly action: string;
  /** How source and destination are known; `stated` needs words or a document that say which side is which. */
  readonly direction: DirectionSource;
  readonly protocol?: number;
  /** A translation that begins or ends: makes a `nat` binding too. */
  readonly nat?: 'begin' | 'end';
  readonly templates: readonly string[];
}

export interface EventRow {
  readonly fact: 'event';
  readonly category: string;
  readonly action: string;
  readonly outcome?: Outcome;
  /** An inner address given to or taken from a user: makes an `ip-user` binding too. */
  readonly vpn?: 'begin' | 'end';
  /** An address that the device's DHCP server gives or takes back: makes an `ip-dhcp` binding too. */
  readonly lease?: 'begin' | 'end';
  readonly templates: readonly string[];
}

export function session(action: string, direction: DirectionSource, ...templates: string[]): SessionRow {
  return { fact: 'session', action, direction, templates };
}

export function event(
  category: string,
  action: string,
  outcome: Outcome | undefined,
  ...templates: string[]
): EventRow {
  return { fact: 'event', category, action, ...(outcome === undefined ? undefined : { outcome }), templates };
}

/** A row with its templates compiled. */
export interface CompiledRow<Row extends MessageRow = MessageRow> {
  readonly row: Row;
  readonly matchers: readonly Matcher<Reading>[];
}

/** A message that no template fits: read by hand, with the row it stands for. */
export interface HandRead {
  readonly row: MessageRow;
  readonly reading: Reading;
}

export type Slots = Readonly<Record<string, Slot<Reading>>>;

/**
 * `{@key}` puts a word, `{@key+}` free text and `{#key}` a whole number into `extra` under `key`; other names are slots of
 * the vendor.
 */
function slotOf(name: string, slots: Slots): Slot<Reading> | undefined {
  const key = name.slice(1);
  if (name.startsWith('#')) return { scan: scanToken, read: (into, value) => readNumber(into, key, value) };
  if (!name.startsWith('@')) return slots[name];
  if (!key.endsWith('+')) return { scan: scanToken, read: (into, value) => void (into.extra[key] = value) };
  return { scan: scanText, read: (into, value) => void (into.extra[key.slice(0, -1)] = value) };
}

function readNumber(into: Reading, key: string, value: string): void {
  const number = integerOf(value);
  if (number !== undefined) into.extra[key] = number;
}

export function compileRow<Row extends MessageRow>(row: Row, slots: Slots): CompiledRow<Row> {
  return { row, matchers: row.templates.map((source) => template(source, (name) => slotOf(name, slots))) };
}

/** Compiles a table; the map keeps its keys. */
export function compileRows<Row extends MessageRow>(
  rows: Readonly<Record<string, Row>>,
  slots: Slots,
): ReadonlyMap<string, CompiledRow<Row>> {
  return new Map(Object.entries(rows).map(([id, row]) => [id, compileRow(row, slots)]));
}
