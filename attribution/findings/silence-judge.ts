import type { Database } from 'better-sqlite3';
import type { ChangeStore } from '../../store/analysis/change-store';
import type { ChangeRecord, MatchRecord, Subject } from '../../store/analysis/finding-record';
import type { FindingStore } from '../../store/analysis/finding-store';
import { SilenceReader } from '../../store/analysis/silence-reader';
import type { SubjectTable } from '../../store/analysis/subject-table';
import { CommandWords } from './command-words';
import type { SilenceAnalytic } from './contract';
import { ESXI_PARSERS } from './devices';
import type { FindingRules } from './finding-rules';
import { recordOf } from './match-record';
import { type Silence, silencesOf } from './silences';

const STOPS: ReadonlySet<string> = new Set(['log_stop', 'log_removed', 'log_truncated']);
const STOP_PHRASES = [
  'system syslog config set',
  '/etc/init.d/vmsyslogd stop',
  'vmsyslogd stop',
  'kill … vmsyslogd',
  'syslog reload',
];

/** Looks for hosts whose log ends while they go on. */
export class SilenceJudge {
  readonly #reader: SilenceReader;
  readonly #changes: ChangeStore;
  readonly #findings: FindingStore;
  readonly #subjects: SubjectTable;
  readonly #rules: FindingRules;
  readonly #analytics: readonly SilenceAnalytic[];

  constructor(db: Database, changes: ChangeStore, findings: FindingStore, subjects: SubjectTable, rules: FindingRules) {
    this.#reader = new SilenceReader(db, [...ESXI_PARSERS]);
    this.#changes = changes;
    this.#findings = findings;
    this.#subjects = subjects;
    this.#rules = rules;
    this.#analytics = rules.analytics.filter((analytic) => analytic.looksAt === 'silence');
  }

  /** Judges every host again. Inside a transaction. */
  judge(): void {
    const { TimeWindow } = this.#rules.values;
    const hosts = this.#reader.hosts().map((host) => {
      const times = this.#reader.times(host);
      const sessions = this.#reader.sessions(host, times[0] ?? 0);
      return { host, silences: silencesOf(times, sessions, TimeWindow) };
    });
    for (const { host, silences } of hosts) {
      const subject: Subject = { kind: 'host', id: `host:${host}`, name: host, host };
      const matches = silences.flatMap((silence): MatchRecord[] => {
        const others = hosts.filter(
          (other) => other.host !== host && other.silences.some((each) => meet(each, silence)),
        );
        const evidence = { ...silence, host, others: others.length, stop: this.#stopBefore(host, silence.from) };
        return this.#analytics.flatMap((analytic) => {
          const match = analytic.match(evidence, this.#rules.values);
          return match === undefined ? [] : [recordOf(analytic, match, subject, silence.from)];
        });
      });
      const num = this.#subjects.numberOf(subject);
      this.#findings.replace({ kind: 'host', num }, matches, silences.at(-1)?.to ?? 0);
    }
  }

  /** What stopped the host's logging right before. */
  #stopBefore(host: string, at: number): ChangeRecord | undefined {
    const before = this.#changes.between(host, at - this.#rules.values.TimeWindow, at);
    return before.findLast(({ action, command, own }) => {
      if (own) return false;
      return STOPS.has(action) || (command !== null && new CommandWords(command).findFirst(STOP_PHRASES) !== undefined);
    });
  }
}

function meet(a: Silence, b: Silence): boolean {
  return a.from < b.to && b.from < a.to;
}
