import type { StoredRecord } from '../../collectors/contract';
import { NormalizerStateError, type FactSink } from '../contract';
import type { Fact, FactBase } from '../model/facts';
import type { SettingsFor } from '../settings';
import type { SshPart } from '../ssh-normalizer';
import type { SshCommand, SshRecord } from '../ssh-record';
import { maskSecrets } from '../mask-secrets';
import { peerAddressOf } from '../syslog/syslog-normalizer';
import { CHANGE_LISTS, listedChanges } from './changes/change-lists';
import { type ChangeNote, ChangeNotes } from './changes/change-notes';
import { configStatements, type Statement } from './config-bindings';
import { ConfigVersions, unpacked } from './config-versions';
import { configurationFacts } from './configuration-facts';
import { configurationText, terminalLines } from './configuration-text';
import { CONFIG_PLATFORMS, type ConfigPlatform, grammarOf, isConfigPlatform } from './platforms';
import { readConfiguration } from './read-configuration';
import { readTable } from './tables/read-table';
import { namesRules, readRuleNames } from './tables/rule-names';
import { TableReading } from './tables/table-reading';

/** Commands whose output is a configuration, whole or one part of it. */
const CONFIGURATIONS: ReadonlySet<string> = new Set(['running_config', 'configuration_defaults']);
/** A device that prints its configuration in two forms is read by one of them, as long as that one keeps coming. */
const OTHER_FORM_MS = 26 * 3_600_000;

/**
 * Command output of network devices: running configurations to lines, rules, endpoints and changes, state tables to bindings,
 * sessions and sockets. Output that is not complete replaces nothing: a gap says so.
 */
export class ConfigPart implements SshPart {
  readonly platforms: readonly string[] = CONFIG_PLATFORMS;
  readonly readsLogs = false;
  readonly #settingsFor: SettingsFor;
  readonly #notes: ChangeNotes;
  readonly #versions = new ConfigVersions();

  /** `notes`: what devices tell of changes in other ways, shared with the readers of those, kept in this one's snapshot. */
  constructor(settingsFor: SettingsFor, notes = new ChangeNotes()) {
    this.#settingsFor = settingsFor;
    this.#notes = notes;
  }

  normalize(read: SshRecord, record: StoredRecord, base: FactBase, sink: FactSink): void {
    if (read.kind !== 'command' || !isConfigPlatform(read.platform)) return;
    const own: FactBase = { ...base, observedAt: read.finishedAt ?? base.observedAt, parser: read.platform };
    const emit = (fact: Fact): void => sink.fact(fact);
    try {
      if (CONFIGURATIONS.has(read.command)) this.#configuration(read, read.platform, record, own, emit);
      else if (CHANGE_LISTS.has(read.command)) this.#changeList(read, record, own);
      else this.#stateTable(read, read.platform, own, emit);
    } catch (error) {
      const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
      emit({ ...own, fact: 'rejected', reason: 'config_fault', detail });
    }
  }

  /** The notes as one line of JSON, then the versions. */
  snapshot(): Uint8Array {
    return Buffer.concat([Buffer.from(`${JSON.stringify(this.#notes.state())}\n`), this.#versions.snapshot()]);
  }

  restore(snapshot: Uint8Array): void {
    const end = snapshot.indexOf(0x0a);
    if (end < 0) throw new NormalizerStateError('the snapshot of configurations has another format version');
    this.#versions.restore(snapshot.subarray(end + 1));
    this.#notes.restore(notesOf(snapshot.subarray(0, end)));
  }

  #configuration(
    read: SshCommand,
    platform: ConfigPlatform,
    { origin }: StoredRecord,
    base: FactBase,
    emit: (fact: Fact) => void,
  ): void {
    const part = partOf(read);
    if (!read.complete) {
      const detail = `configuration${part === '' ? '' : ` (${part})`}: ${read.reason === '' ? 'incomplete' : read.reason}`;
      emit({ ...base, fact: 'gap', kind: 'incomplete_read', detail });
      return;
    }
    if (this.#isOtherForm(read, base)) return;
    const { timezone } = this.#settingsFor(peerAddressOf(origin.peer));
    const about = Object.fromEntries(
      Object.entries(read.parameters).map(([name, value]) => [`ascribe.config.${name}`, value]),
    );
    const text = configurationText(read.body, platform);
    const names = [base.device, peerAddressOf(origin.peer)];
    const notes = (after: number, until: number): readonly ChangeNote[] => this.#notes.between(names, after, until);
    configurationFacts({ text, part, base, timezone, about, notes }, this.#versions, emit);
  }

  /** Who changed what, in the device's own words: no facts, but it says who made the version that is read next. */
  #changeList(
    { body, clockOffset = 0 }: SshCommand,
    { origin }: StoredRecord,
    { device, rawSeq, observedAt }: FactBase,
  ): void {
    const peer = peerAddressOf(origin.peer);
    const { timezone } = this.#settingsFor(peer);
    const context = { rawSeq, readAt: observedAt, clockOffset, timezone };
    for (const note of listedChanges(terminalLines(body), context)) this.#notes.add([device, peer], note);
  }

  /** A state table. Output of commands that nobody reads stays in the journal for later readers. */
  #stateTable(read: SshCommand, platform: ConfigPlatform, base: FactBase, emit: (fact: Fact) => void): void {
    const { command } = read;
    const table = new TableReading(terminalLines(read.body), base, emit, read.parameters);
    if (namesRules(platform, command)) readRuleNames(table, platform, this.#configuredRules(read, base.device));
    else if (!readTable(table, platform, command)) return;
    tableOutcome(read, table, base, emit);
  }

  /** Rules of the configuration as it was read last, of the same part of the device, by their keys. */
  #configuredRules(read: SshCommand, device: string): ReadonlyMap<string, Statement> {
    const part = partOf({ ...read, command: 'running_config' });
    const known = this.#versions.get(device, part);
    const lines = known === undefined ? undefined : unpacked(known.text);
    if (known === undefined || lines === undefined) return new Map();
    const { platform, version } = known;
    const text = { platform, version, lines, grammar: grammarOf(platform, lines) };
    const statements = configStatements(text, readConfiguration(text).reading, known, device, part);
    const rules = statements.filter(({ relation }) => relation === 'rule-config');
    return new Map(rules.map((statement) => [statement.key, statement] as const));
  }

  /** Junos is asked for `set` lines and for braces: the same statements, and two versions. The `set` lines are taken. */
  #isOtherForm(read: SshCommand, base: FactBase): boolean {
    if (read.parameters['form'] !== 'braces') return false;
    const lines = this.#versions.get(base.device, partOf({ ...read, parameters: { ...read.parameters, form: 'set' } }));
    return lines !== undefined && base.observedAt - lines.readAt < OTHER_FORM_MS;
  }
}

/** What a state table says of its own completeness. */
function tableOutcome(read: SshCommand, table: TableReading, base: FactBase, emit: (fact: Fact) => void): void {
  const about = Object.entries(read.parameters).map(([name, value]) => `${name}=${value}`);
  const name = [read.command, ...about].join(' ');
  if (table.refused > 0)
    emit({
      ...base,
      fact: 'rejected',
      reason: 'config_bad_row',
      detail: `${name}: ${table.refused} rows, first ${maskSecrets(table.firstRefused)}`,
    });
  if (table.beyond > 0)
    emit({ ...base, fact: 'gap', kind: 'row_cap', missing: BigInt(table.beyond), unit: 'records', detail: name });
  if (!read.complete) {
    emit({
      ...base,
      fact: 'gap',
      kind: 'incomplete_read',
      detail: `${name}: ${read.reason === '' ? 'incomplete' : read.reason}`,
    });
    return;
  }
  const extra = {
    'ascribe.command': read.command,
    'ascribe.rows': table.rows,
    ...Object.fromEntries(Object.entries(read.parameters).map(([key, value]) => [`ascribe.command.${key}`, value])),
  };
  emit({ ...base, fact: 'event', category: 'network', action: 'table_read', outcome: 'success', extra });
}

function notesOf(line: Uint8Array): ReturnType<ChangeNotes['state']> {
  try {
    return JSON.parse(Buffer.from(line).toString('utf8')) as ReturnType<ChangeNotes['state']>;
  } catch (cause) {
    throw new NormalizerStateError('the snapshot of changes is not JSON', { cause });
  }
}

/** What tells readings of one device apart: command and parameters. */
function partOf({ command, parameters }: Pick<SshCommand, 'command' | 'parameters'>): string {
  const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = named.map(([name, value]) => `${name}=${value}`);
  return [...(command === 'running_config' ? [] : [command]), ...pairs].join(' ');
}
