import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { TelemetryEvent } from '../telemetry/events';
import type { ThreadCommand, ThreadMessage, ThreadNote } from './thread-contract';

const STATS_PERIOD_MS = 1000;

/** The daemon as one of its threads sees it. */
export interface ThreadHost<Stats> {
  /** Aborted when the thread is to finish its work and return. */
  readonly stop: AbortSignal;
  readonly emit: (event: TelemetryEvent) => void;
  /** Says that the thread does its work now. */
  ready(): void;
  /** Posts what `collect` gives once a second and at the end. */
  publish(collect: () => Stats): void;
  note(note: ThreadNote): void;
  onNote(handler: (note: ThreadNote) => void): void;
  /** Resolves after `ms` or at the stop, whichever is first. */
  pause(ms: number): Promise<void>;
}

/** Runs a thread's body: to be called once, by the thread's file. What the body throws becomes the daemon's failure. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it names what the thread is given
export function runThread<Data, Stats>(body: (data: Data, host: ThreadHost<Stats>) => Promise<void>): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is the body of a worker thread');
  const post = (message: ThreadMessage<Stats>): void => port.postMessage(message);
  const stopping = new AbortController();
  let collect: (() => Stats) | undefined;
  let handler: ((note: ThreadNote) => void) | undefined;
  const publish = (): void => {
    if (collect !== undefined) post({ type: 'stats', stats: collect() });
  };
  const timer = setInterval(publish, STATS_PERIOD_MS);
  port.on('message', (command: ThreadCommand) => {
    if (command.type === 'stop') stopping.abort();
    else handler?.(command.note);
  });
  const host: ThreadHost<Stats> = {
    stop: stopping.signal,
    emit: (event) => post({ type: 'event', event }),
    ready: () => {
      publish();
      post({ type: 'ready' });
    },
    publish: (collector) => (collect = collector),
    note: (note) => post({ type: 'note', note }),
    onNote: (noteHandler) => (handler = noteHandler),
    pause: (ms) => delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined),
  };
  void body(workerData as Data, host)
    .then(publish, (error: unknown) => post({ type: 'failed', error: failureOf(error) }))
    .finally(() => {
      clearInterval(timer);
      port.close();
    });
}

function failureOf(error: unknown): {
  name: string;
  message: string;
  code: string | undefined;
  stack: string | undefined;
} {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: undefined, stack: undefined };
  const code = 'code' in error ? String(error.code) : undefined;
  return { name: error.name, message: error.message, code, stack: error.stack };
}
