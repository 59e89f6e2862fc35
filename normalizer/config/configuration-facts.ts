import type { Binding, Event, Fact, FactBase } from '../model/facts';
import { ChangeAccount, type VersionChange } from './changes/change-account';
import type { ChangeNote } from './changes/change-notes';
import { changeStamp } from './changes/change-stamp';
import { lineDiff, type LineDiff } from './changes/line-diff';
import { carriedMarks, completedMarks, type LineMark, NO_MARKS } from './changes/line-marks';
import { compact, configStatements, type Statement } from './config-bindings';
import type { Details } from './config-reading';
import type { ConfigVersions, KnownVersion } from './config-versions';
import { packed, unpacked } from './config-versions';
import { type ConfigurationText, isVolatile } from './configuration-text';
import { lineKinds } from './line-kinds';
import { readConfiguration, type ReadConfiguration } from './read-configuration';

/** The bindings of an unchanged configuration are stated anew once a day: a binding that nobody confirms grows stale. */
const RESTATE_MS = 20 * 3_600_000;
/** Most of a difference that an event holds. */
const MAX_DIFF_LINES = 200;
const MAX_DIFF_TEXT = 16_384;

/** One reading of a configuration, and where it belongs. */
export interface ConfigurationRead {
  readonly text: ConfigurationText;
  /** Part of the device (context, VDOM, section), empty for the whole. */
  readonly part: string;
  readonly base: FactBase;
  readonly timezone: string | undefined;
  /** Parameters of the command, under `ascribe.config.*`. */
  readonly about: Readonly<Record<string, string>>;
  /** What was told of changes of the device's configuration after one time and until another, by our clock. */
  readonly notes: (after: number, until: number) => readonly ChangeNote[];
}

/**
 * Facts of one reading. A version that is new for the device gives all of its lines, bindings, interfaces, and, where there
 * was one before, the change and the end of what it bound; an unchanged one an event that says that it still stands. Who
 * made it, and when, stands in the configuration or was told by the device; told later, `config_author` says it.
 */
export function configurationFacts(
  read: ConfigurationRead,
  versions: ConfigVersions,
  sink: (fact: Fact) => void,
): void {
  const { text, base, part } = read;
  const known = versions.get(base.device, part);
  const unchanged = known?.version === text.version;
  const told = unchanged && known !== undefined ? toldSince(read, known) : undefined;
  if (unchanged && known !== undefined && told === undefined && base.observedAt - known.statedAt < RESTATE_MS) {
    versions.set(base.device, part, { ...known, readAt: base.observedAt });
    sink(readEvent(read, known, undefined, known.change ?? {}));
    return;
  }
  const parsed = readConfiguration(text);
  if (parsed.tree.incomplete) {
    sink({
      ...base,
      fact: 'gap',
      kind: 'incomplete_read',
      detail: `configuration${part === '' ? '' : ` of ${part}`}: its end is missing`,
    });
    return;
  }
  const next = unchanged && known !== undefined ? sameVersion(read, known, told) : newVersion(read, known, parsed);
  const { change = {} } = next.known;
  sink(readEvent(read, known, parsed, change));
  if (told !== undefined) sink(authorEvent(read, change));
  if (!unchanged) lines(read, parsed, sink);
  const statements = configStatements(text, parsed.reading, next.known, base.device, part);
  if (known !== undefined && !unchanged) superseded(read, known, change, next.diff, statements, sink);
  for (const statement of statements) sink({ ...base, fact: 'binding', ...statement, state: 'seen' });
  interfaces(read, parsed, sink);
  if (parsed.reading.dropped > 0) {
    sink({
      ...base,
      fact: 'rejected',
      reason: 'config_too_many_items',
      detail: `${parsed.reading.dropped} rules, endpoints or interfaces beyond the limit`,
    });
  }
  versions.set(base.device, part, next.known);
}

/** What a reading leaves to be remembered, and how it differs from the version before. */
interface NextVersion {
  readonly known: KnownVersion;
  readonly diff?: LineDiff | undefined;
}

/** Who made a known version, where that was told only after its first reading. */
function toldSince({ notes }: ConfigurationRead, known: KnownVersion): ChangeAccount | undefined {
  const { change = {}, changedAfter = -Infinity, firstReadAt } = known;
  if (change.author !== undefined || firstReadAt === undefined) return undefined;
  const account = new ChangeAccount(change, notes(changedAfter, firstReadAt));
  return account.version.author === undefined ? undefined : account;
}

function sameVersion({ text, base }: ConfigurationRead, known: KnownVersion, told?: ChangeAccount): NextVersion {
  const read = { ...known, readAt: base.observedAt, statedAt: base.observedAt };
  if (told === undefined) return { known: read };
  const { version } = text;
  const markOf = (line: string): LineMark => ({ version, ...told.line(line) });
  const marks = completedMarks(known.marks ?? NO_MARKS, version, text.lines, markOf);
  return { known: { ...read, change: told.version, marks } };
}

function newVersion(
  { text, base, timezone, notes }: ConfigurationRead,
  before: KnownVersion | undefined,
  { tree }: ReadConfiguration,
): NextVersion {
  const { version, platform } = text;
  const stamp = changeStamp(text.lines, tree.root, base.observedAt, timezone);
  const account = new ChangeAccount(stamp, notes(before?.readAt ?? -Infinity, base.observedAt));
  const older = before === undefined ? undefined : unpacked(before.text);
  const ignored = (line: string): boolean => line === '' || isVolatile(line);
  const diff = older === undefined ? undefined : lineDiff(older, text.lines, ignored);
  const markOf = (line: string): LineMark => ({ version, ...account.line(line) });
  const known: KnownVersion = {
    version,
    platform,
    readAt: base.observedAt,
    statedAt: base.observedAt,
    firstReadAt: base.observedAt,
    ...(before !== undefined && { changedAfter: before.readAt }),
    change: account.version,
    marks: diff === undefined ? NO_MARKS : carriedMarks(before?.marks ?? NO_MARKS, diff, markOf),
    text: packed(text.lines),
  };
  return { known, diff };
}

function readEvent(
  { text, base, about }: ConfigurationRead,
  known: KnownVersion | undefined,
  parsed: ReadConfiguration | undefined,
  change: VersionChange,
): Event {
  const extra = compact({
    ...about,
    ...changeExtra(change),
    'ascribe.config.version': text.version,
    'ascribe.config.lines': text.lines.length,
    'ascribe.config.unchanged': known?.version === text.version ? 1 : 0,
    'ascribe.config.grammar': text.grammar,
    'host.hostname': parsed?.reading.hostname,
    'ascribe.config.rules': parsed?.reading.rules.length,
    'ascribe.config.endpoints': parsed?.reading.endpoints.length,
  });
  return { ...base, fact: 'event', category: 'configuration', action: 'config_read', outcome: 'success', extra };
}

function lines({ text, base }: ConfigurationRead, { reading }: ReadConfiguration, sink: (fact: Fact) => void): void {
  const kinds = lineKinds(reading);
  text.lines.forEach((line, i) => {
    const kind = kinds.get(i + 1);
    sink({
      ...base,
      fact: 'config_line',
      configVersion: text.version,
      lineNumber: i + 1,
      text: line,
      ...(kind === undefined ? {} : { kind }),
    });
  });
}

/** The change itself, and the end of what only the version before bound. */
function superseded(
  read: ConfigurationRead,
  known: KnownVersion,
  change: VersionChange,
  diff: LineDiff | undefined,
  statements: readonly Statement[],
  sink: (fact: Fact) => void,
): void {
  const { text, base } = read;
  sink(changeEvent(read, known, change, diff));
  const lines = unpacked(known.text);
  if (lines === undefined) return;
  const older: ConfigurationText = { platform: known.platform, grammar: text.grammar, lines, version: known.version };
  const still = new Set(statements.map(identity));
  for (const statement of configStatements(older, readConfiguration(older).reading, {}, base.device, read.part)) {
    if (!still.has(identity(statement)))
      sink({ ...base, fact: 'binding', ...statement, state: 'end' } satisfies Binding);
  }
}

function identity({ relation, key, value }: Statement): string {
  return `${relation}\n${key}\n${value}`;
}

/** The time that is stated of the change counts where it lies between the two readings. */
function changeEvent(
  { text, base, about }: ConfigurationRead,
  known: KnownVersion,
  change: VersionChange,
  diff: LineDiff | undefined,
): Event {
  const { author, time } = change;
  const stated = time !== undefined && time > known.readAt - 3_600_000 && time <= base.observedAt + 60_000;
  const extra = compact({
    ...about,
    ...changeExtra(change),
    'ascribe.config.version': text.version,
    'ascribe.config.previous_version': known.version,
    'ascribe.config.previous_read': known.readAt,
    'ascribe.config.added': diff?.added.length,
    'ascribe.config.removed': diff?.removed.length,
    'ascribe.config.diff': diff === undefined ? undefined : diffText(diff),
  });
  return {
    ...base,
    ...(stated ? { observedAt: time, timeQuality: 'ok' as const } : {}),
    fact: 'event',
    category: 'configuration',
    action: 'config_change',
    outcome: 'success',
    ...(author === undefined ? {} : { user: author }),
    extra,
  };
}

/** Who made a version that was read before. */
function authorEvent({ text, base, about }: ConfigurationRead, change: VersionChange): Event {
  const extra = compact({ ...about, ...changeExtra(change), 'ascribe.config.version': text.version });
  const { author } = change;
  const what = { fact: 'event', category: 'configuration', action: 'config_author', outcome: 'success' } as const;
  return { ...base, ...what, ...(author === undefined ? {} : { user: author }), extra };
}

function changeExtra({ author, time, evidence, authors }: VersionChange): Details {
  return {
    'ascribe.config.author': author,
    'ascribe.config.committed_at': time,
    'ascribe.config.evidence': evidence?.join(','),
    'ascribe.config.authors': authors?.join(','),
  };
}

/** `-LINE text` by the older numbers, `+LINE text` by the newer. */
function diffText({ removed, added }: LineDiff): string {
  const shown = [
    ...removed.slice(0, MAX_DIFF_LINES).map(([line, text]) => `-${line} ${text}`),
    ...added.slice(0, MAX_DIFF_LINES).map(([line, text]) => `+${line} ${text}`),
  ];
  return shown.join('\n').slice(0, MAX_DIFF_TEXT);
}

function interfaces(
  { base, text }: ConfigurationRead,
  { reading }: ReadConfiguration,
  sink: (fact: Fact) => void,
): void {
  for (const { name, line, addresses, active, details } of reading.interfaces) {
    if (name === '') continue;
    const extra = compact({
      ...details,
      'ascribe.interface.addresses': addresses.join(','),
      'ascribe.config.active': active ? 1 : 0,
      'ascribe.config.version': text.version,
      'ascribe.config.line': line,
    });
    sink({ ...base, fact: 'inventory', kind: 'interface', id: name, name, extra });
  }
}
