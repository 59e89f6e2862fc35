import { maskSecrets } from '../../mask-secrets';
import type { FactSink } from '../../contract';
import type { Event, Fact, FactBase, TimeQuality } from '../../model/facts';
import type { SshLog } from '../../ssh-record';
import { zoneOf } from '../../syslog/time';
import { toldFacts } from '../facts/told-facts';
import type { EsxiMemory } from '../state/esxi-memory';
import type { FileState, HostMemory } from '../state/host-memory';
import { logKind } from './log-kinds';
import { LogStretch, type StretchVisitor, type TimedRecord } from './log-stretch';
import { SplitEvents } from './split-events';

/** A line's time this far ahead of its receipt is a clock that is wrong; log files may be of any age. */
const AHEAD_MS = 86_400_000;
/** A record that waits for its end is told after this time without one. */
const WAIT_MS = 60_000;

/** Counts of a `LogReader` since it was made. */
export interface LogCounts {
  lines: number;
  records: number;
  orphans: number;
}

/** Stretches of log files to facts. What one stretch leaves unfinished waits in the host's memory for the next. */
export class LogReader {
  readonly counts: LogCounts = { lines: 0, records: 0, orphans: 0 };
  readonly #memory: EsxiMemory;

  constructor(memory: EsxiMemory) {
    this.#memory = memory;
  }

  /** Reads one stretch, or the gap that stands in its place. `base` bears device and receive time. */
  read(log: SshLog, base: FactBase, host: HostMemory, sink: FactSink): void {
    const file = log.file;
    const known = host.files.get(file);
    if (log.reason !== '') {
      for (const fact of gapFacts(log, base)) sink.fact(fact);
      this.#closeFile(file, known, base, host, sink);
      return;
    }
    const goesOn = known?.generation === log.generation ? known : undefined;
    if (goesOn === undefined) this.#closeFile(file, known, base, host, sink);
    const visitor = this.#visitor(log, base, host, sink, goesOn?.command);
    const splits = new SplitEvents();
    splits.restore(goesOn?.splits ?? []);
    const kind = logKind(file);
    const stretch = new LogStretch(kind, visitor, splits, goesOn?.open, goesOn?.begun ?? false);
    const open = stretch.read(log.body, base.rawSeq);
    const { lines, records, orphans } = stretch.counts;
    this.counts.lines += lines;
    this.counts.records += records;
    this.counts.orphans += orphans;
    if (orphans > 0 && log.offset > 0 && goesOn === undefined) {
      sink.fact({
        ...base,
        fact: 'rejected',
        reason: 'esxi_lines_without_record',
        offset: log.bodyAt,
        detail: `${orphans} lines of ${file}`.slice(0, 200),
      });
    }
    const waiting = splits.state();
    const { command } = visitor;
    host.setFile(file, {
      generation: log.generation,
      begun: (goesOn?.begun ?? false) || lines > orphans,
      ...(open === undefined ? undefined : { open, openSince: goesOn?.openSince ?? base.observedAt }),
      ...(waiting.length === 0 ? undefined : { splits: waiting }),
      ...(command === undefined ? undefined : { command }),
    });
  }

  /** Tells what waits in the host's files for longer than lines of one record lie apart; all of it where `all`. */
  tellWaiting(host: HostMemory, base: FactBase, sink: FactSink, all = false): void {
    for (const [file, state] of host.files) {
      if (state.open === undefined) continue;
      if (all || base.observedAt - (state.openSince ?? 0) >= WAIT_MS) this.#closeFile(file, state, base, host, sink);
    }
  }

  #closeFile(file: string, state: FileState | undefined, base: FactBase, host: HostMemory, sink: FactSink): void {
    if (state?.open === undefined) return;
    const { open, openSince: _since, ...rest } = state;
    const visitor = this.#visitor({ file, timezone: '' }, base, host, sink, undefined);
    new LogStretch(logKind(file), visitor, new SplitEvents(), open, true).close();
    host.files.set(file, rest);
  }

  #visitor(
    { file, timezone }: Pick<SshLog, 'file' | 'timezone'>,
    base: FactBase,
    host: HostMemory,
    sink: FactSink,
    before: Event | undefined,
  ): StretchVisitor & { readonly command: Event | undefined } {
    const memory = this.#memory;
    const source = logKind(file).name === 'vmkwarning' ? 'warnings' : 'file';
    let command = before;
    return {
      get command() {
        return command;
      },
      record: (timed) => {
        const at = timedBase(timed, base, timezone);
        const told = { source, record: timed.record, base: at, ms: at.observedAt, device: base.device, host } as const;
        const facts = toldFacts(told, memory);
        for (const fact of facts) sink.fact(fact);
        command = facts.find((fact): fact is Event => fact.fact === 'event' && fact.command !== undefined);
      },
      continuation: (lines) => {
        if (command !== undefined) sink.fact(continued(command, lines, base.rawSeq));
      },
      section: (text, ms) => {
        const fact = sectionFact(text, { ...base, observedAt: ms, timeQuality: 'ok' }, file);
        if (fact !== undefined) sink.fact(fact);
      },
    };
  }
}

/** Device time of a record. A missing zone is the file's. */
function timedBase({ ms, zoned, rawSeq }: TimedRecord, base: FactBase, timezone: string): FactBase {
  const receivedAt = base.observedAt;
  const at = zoned ? ms : zoneOf(timezone === '' ? undefined : timezone).toUtc(ms, receivedAt);
  const quality: TimeQuality = at - receivedAt > AHEAD_MS ? 'skewed' : zoned ? 'ok' : 'no_zone';
  return { ...base, rawSeq, observedAt: at, timeQuality: quality };
}

/** Lines of a command that came after it was told. */
function continued(command: Event, lines: string, rawSeq: number): Event {
  const { 'ascribe.command.decoded': _decoded, ...extra } = command.extra ?? {};
  return { ...command, rawSeq, command: maskSecrets(lines), extra: { ...extra, 'ascribe.command.continues': 1 } };
}

/** `Section for VMware ESX, pid=2098599, version=6.7.0, build=14320388, option=Release`: what wrote the file. */
function sectionFact(text: string, base: FactBase, file: string): Fact | undefined {
  const version = valueOf(text, 'version=');
  if (version === undefined) return undefined;
  const build = valueOf(text, 'build=');
  return {
    ...base,
    fact: 'event',
    category: 'host',
    action: 'log_section',
    extra: {
      'log.file.path': file,
      'ascribe.host.version': version,
      ...(build === undefined ? undefined : { 'ascribe.host.build': build }),
    },
  };
}

function valueOf(text: string, name: string): string | undefined {
  const at = text.indexOf(name);
  if (at < 0) return undefined;
  const from = at + name.length;
  let end = from;
  while (end < text.length && end - from < 64 && !', \r\n'.includes(text[end] ?? '')) end++;
  return end > from ? text.slice(from, end) : undefined;
}

/** What a gap means: a file that shrank or went away is a trace of tampering until it is explained. */
const GAP_ACTIONS: Readonly<Record<string, string>> = { truncated: 'log_truncated', vanished: 'log_removed' };

function gapFacts(log: SshLog, base: FactBase): Fact[] {
  const { file, reason, from, to } = log;
  const extra = {
    'log.file.path': file,
    'event.reason': reason,
    ...(from === undefined ? undefined : { 'ascribe.gap.from': from }),
    ...(to === undefined ? undefined : { 'ascribe.gap.to': to }),
  };
  return [
    {
      ...base,
      fact: 'gap',
      kind: 'log_gap',
      unit: 'messages',
      ...(from === undefined ? undefined : { since: from }),
      detail: `${file}: ${reason}`.slice(0, 200),
    },
    { ...base, fact: 'event', category: 'host', action: GAP_ACTIONS[reason] ?? 'log_gap', outcome: 'failure', extra },
  ];
}
