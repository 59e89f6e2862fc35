import type { Binding, Event, Fact, FactBase } from '../model/facts';
import { changeStamp, type ChangeStamp } from './change-stamp';
import { compact, configStatements, type Statement } from './config-bindings';
import type { ConfigVersions, KnownVersion } from './config-versions';
import { packed, unpacked } from './config-versions';
import { type ConfigurationText, isVolatile } from './configuration-text';
import { lineDiff, type LineDiff } from './line-diff';
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
}

/**
 * Facts of one reading. A version that is new for the device gives all of its lines, bindings, interfaces, and, where there
 * was one before, the change and the end of what it bound; an unchanged one an event that says that it still stands.
 */
export function configurationFacts(
  read: ConfigurationRead,
  versions: ConfigVersions,
  sink: (fact: Fact) => void,
): void {
  const { text, base, part } = read;
  const known = versions.get(base.device, part);
  const unchanged = known?.version === text.version;
  if (unchanged && known !== undefined && base.observedAt - known.statedAt < RESTATE_MS) {
    versions.set(base.device, part, { ...known, readAt: base.observedAt });
    sink(readEvent(read, known, undefined));
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
  const stamp = changeStamp(text.lines, parsed.tree.root, base.observedAt, read.timezone);
  sink(readEvent(read, known, parsed));
  if (!unchanged) lines(read, parsed, sink);
  const statements = configStatements(text, parsed.reading, stamp, base.device, part);
  if (known !== undefined && !unchanged) superseded(read, known, stamp, statements, sink);
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
  versions.set(base.device, part, {
    version: text.version,
    platform: text.platform,
    readAt: base.observedAt,
    statedAt: base.observedAt,
    text: unchanged && known !== undefined ? known.text : packed(text.lines),
  });
}

function readEvent(
  { text, base, about }: ConfigurationRead,
  known: KnownVersion | undefined,
  parsed: ReadConfiguration | undefined,
): Event {
  const extra = compact({
    ...about,
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
  stamp: ChangeStamp,
  statements: readonly Statement[],
  sink: (fact: Fact) => void,
): void {
  const { text, base } = read;
  const before = unpacked(known.text);
  const diff =
    before === undefined ? undefined : lineDiff(before, text.lines, (line) => line === '' || isVolatile(line));
  sink(changeEvent(read, known, stamp, diff));
  if (before === undefined) return;
  const older: ConfigurationText = {
    platform: known.platform,
    grammar: text.grammar,
    lines: before,
    version: known.version,
  };
  const still = new Set(statements.map(identity));
  for (const statement of configStatements(older, readConfiguration(older).reading, {}, base.device, read.part)) {
    if (!still.has(identity(statement)))
      sink({ ...base, fact: 'binding', ...statement, state: 'end' } satisfies Binding);
  }
}

function identity({ relation, key, value }: Statement): string {
  return `${relation}\n${key}\n${value}`;
}

/** The time the configuration states counts where it lies between the two readings. */
function changeEvent(
  { text, base, about }: ConfigurationRead,
  known: KnownVersion,
  { author, time }: ChangeStamp,
  diff: LineDiff | undefined,
): Event {
  const stated = time !== undefined && time > known.readAt - 3_600_000 && time <= base.observedAt + 60_000;
  const extra = compact({
    ...about,
    'ascribe.config.version': text.version,
    'ascribe.config.previous_version': known.version,
    'ascribe.config.previous_read': known.readAt,
    'ascribe.config.committed_at': time,
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
