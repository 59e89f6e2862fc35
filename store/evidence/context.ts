import type { Database as Connection } from 'better-sqlite3';
import { BLIND_KINDS, type BlindSpot } from '../analysis/blind-record';
import { BlindStore } from '../analysis/blind-store';
import { type ClockRow, ClockStore } from '../analysis/clock-store';
import { VerdictStore } from '../analysis/verdict-store';
import type { HeardSource, PackContext, Prevalence } from './contract';
import { objectOf } from './raw-line';
import type { Scope } from './scope';
import type { SpoolFile } from './spool';
import { spanOf } from './write-derived';

/** How far about the sessions of a pack measured clocks are taken along, ms: two periods of a clock. */
const AROUND_MS = 12 * 3_600_000;
const ADDRESS = /^(?:[0-9A-F]{8}|[0-9A-F]{32})$/u;

/** Writes what the sessions of a scope rest on beside its records: one line a rule book, clock, exporter and address. */
export function writeContext(
  db: Connection,
  scope: Scope,
  rules: Readonly<Record<string, unknown>>,
  translated: Iterable<string>,
  file: SpoolFile,
): void {
  const line = (context: string, row: object): void => file.line(JSON.stringify({ context, ...row }));
  line('rules', rules);
  const [from, to] = spanOf(db, scope);
  for (const clock of ClockStore.read(db)) {
    if (clock.from >= from - AROUND_MS && clock.from <= to + AROUND_MS) line('clock', clock);
  }
  for (const spot of BlindStore.read(db)) {
    if (spot.from <= to + AROUND_MS && (spot.to ?? to) >= from - AROUND_MS) line('blind', spot);
  }
  const domains = new Set<string>();
  const observers = db.prepare('SELECT DISTINCT exporter_ip, domain FROM session_observer WHERE session = ?');
  for (const id of scope.sessions()) {
    for (const row of observers.all(id)) domains.add(JSON.stringify(row));
  }
  const sources = db.prepare<[], HeardSource>(
    'SELECT exporter_ip AS exporter, domain, first_received AS firstReceived FROM source ORDER BY 1, 2',
  );
  for (const source of sources.iterate()) {
    if (domains.has(JSON.stringify({ exporter_ip: source.exporter, domain: source.domain }))) line('source', source);
  }
  const prevalence = db.prepare<[string], Prevalence>(
    `SELECT DISTINCT hex(r.dst) AS dst, m.terms ->> 'owners' AS owners, m.terms ->> 'owners_of' AS "of" FROM finding_row f
    JOIN finding_match_row m ON m.finding = f.num AND m.origin = 'series' JOIN series_row r ON r.num = m.origin_num
    WHERE f.id = ? ORDER BY 1, 2, 3`,
  );
  for (const id of scope.findings()) for (const row of prevalence.iterate(id)) line('prevalence', row);
  for (const address of [...translated].sort()) line('translated', { address });
}

/** Reads such lines; `fault` is told of those that are none. */
export function readContext(found: Iterable<string>, fault: (text: string) => void): PackContext {
  let rules: Readonly<Record<string, unknown>> = {};
  const clocks: ClockRow[] = [];
  const sources: HeardSource[] = [];
  const translated: string[] = [];
  const prevalence: Prevalence[] = [];
  const blind: BlindSpot[] = [];
  for (const text of found) {
    const { context, ...row } = objectOf(text) ?? {};
    if (context === 'rules') rules = row;
    else if (context === 'clock' && isClock(row)) clocks.push(row);
    else if (context === 'source' && isSource(row)) sources.push(row);
    else if (context === 'prevalence' && isPrevalence(row)) prevalence.push(row);
    else if (context === 'blind' && isBlindSpot(row)) blind.push(row);
    else if (context === 'translated' && ADDRESS.test(String(row['address']))) translated.push(String(row['address']));
    else fault('holds a line that is none of ours');
  }
  return { rules, clocks, sources, translated, prevalence, blind };
}

/** Puts into an empty `ascribe.db` what is taken as given; before any stage is made on it. */
export function seedContext(db: Connection, { clocks, sources, translated, blind }: PackContext): void {
  const clockStore = new ClockStore(db);
  const verdicts = new VerdictStore(db);
  const source = db.prepare('INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, 0)');
  new BlindStore(db).commit({ pulses: [], spots: blind, withdrawn: [], reopened: [] });
  db.transaction(() => {
    for (const clock of clocks) clockStore.put(clock);
    for (const { exporter, domain, firstReceived } of sources) {
      source.run(exporter, domain, firstReceived, firstReceived);
    }
    for (const address of translated) verdicts.addTranslated(address, 0);
  })();
}

type Row = Readonly<Record<string, unknown>>;

function isClock(row: Row): row is Row & ClockRow {
  const isKnown = row['kind'] === 'log' || row['kind'] === 'flow';
  const isMethod = row['method'] === 'sessions' || row['method'] === 'header';
  const numbers = [row['from'], row['offset'], row['residual'], row['samples']];
  return isKnown && isMethod && typeof row['device'] === 'string' && numbers.every(Number.isSafeInteger);
}

function isSource(row: Row): row is Row & HeardSource {
  return typeof row['exporter'] === 'string' && [row['domain'], row['firstReceived']].every(Number.isSafeInteger);
}

function isPrevalence(row: Row): row is Row & Prevalence {
  return ADDRESS.test(String(row['dst'])) && [row['owners'], row['of']].every(Number.isSafeInteger);
}

function isBlindSpot(row: Row): row is Row & BlindSpot {
  const isKind = (BLIND_KINDS as readonly unknown[]).includes(row['kind']);
  const isReason = ['GAP', 'SILENT', 'STALE', 'DROPPED'].includes(String(row['reason']));
  const texts = [row['device'], row['unit'], row['detail']];
  const numbers = [row['from'], row['rawSeq'], row['recordedAt'], row['to'] ?? 0, row['missing'] ?? 0];
  return isKind && isReason && texts.every((text) => typeof text === 'string') && numbers.every(Number.isSafeInteger);
}
