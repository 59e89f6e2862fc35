import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TelemetryEvent } from '../telemetry/events';
import type { ThreadCommand, ThreadMessage, ThreadNote } from './thread-contract';

/** A thread ended by an error; `code` is that of the error where it had one. */
export class ThreadError extends Error {
  constructor(
    readonly part: string,
    message: string,
    readonly code: string | undefined,
    stack?: string,
  ) {
    super(message);
    this.name = 'ThreadError';
    if (stack !== undefined) this.stack = stack;
  }
}

export interface DaemonThreadOptions {
  /** For people: `receiver`, `journal`, … The body is the file `NAME-thread.js` beside this one. */
  readonly name: string;
  readonly emit: (event: TelemetryEvent) => void;
  readonly onNote?: (note: ThreadNote) => void;
  /** The thread ended without being asked to. */
  readonly onFailure: (error: ThreadError) => void;
}

/** A thread of the daemon, seen from the main thread. */
export class DaemonThread<Data, Stats> {
  readonly #options: DaemonThreadOptions;
  #worker: Worker | undefined;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  #failure: ThreadError | undefined;
  /** The newest figures the thread posted. */
  stats: Stats | undefined;

  constructor(options: DaemonThreadOptions) {
    this.#options = options;
  }

  /** Starts the thread; resolves when it says it is ready, rejects with `ThreadError` when it fails before that. */
  start(data: Data): Promise<void> {
    this.#stopping = false;
    this.#failure = undefined;
    const { name } = this.#options;
    const worker = new Worker(join(__dirname, `${name}-thread.js`), { workerData: data, name });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let isReady = false;
      worker.on('message', (message: ThreadMessage<Stats>) => {
        if (message.type === 'ready') {
          isReady = true;
          resolve();
        } else this.#take(message);
      });
      worker.on('error', (error) => (this.#failure ??= new ThreadError(name, error.message, undefined, error.stack)));
      this.#exited = new Promise((exited) => {
        worker.once('exit', () => {
          this.#worker = undefined;
          exited();
          if (!isReady) reject(this.#failure ?? new ThreadError(name, 'ended before it was ready', undefined));
          else if (!this.#stopping || this.#failure !== undefined) {
            this.#options.onFailure(this.#failure ?? new ThreadError(name, 'ended by itself', undefined));
          }
        });
      });
    });
  }

  note(note: ThreadNote): void {
    this.#post({ type: 'note', note });
  }

  /** Asks the thread to finish and waits until it has, at most `deadlineMs`; then it is ended. False: it had to be. */
  async stop(deadlineMs: number): Promise<boolean> {
    const worker = this.#worker;
    if (worker === undefined) return true;
    this.#stopping = true;
    this.#post({ type: 'stop' });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), deadlineMs)));
    const inTime = await Promise.race([this.#exited.then(() => true), late]);
    clearTimeout(timer);
    if (!inTime) await worker.terminate();
    return inTime;
  }

  #post(command: ThreadCommand): void {
    this.#worker?.postMessage(command);
  }

  #take(message: Exclude<ThreadMessage<Stats>, { type: 'ready' }>): void {
    switch (message.type) {
      case 'event':
        this.#options.emit(message.event);
        return;
      case 'stats':
        this.stats = message.stats;
        return;
      case 'note':
        this.#options.onNote?.(message.note);
        return;
      case 'failed': {
        const { message: text, code, stack } = message.error;
        this.#failure = new ThreadError(this.#options.name, text, code, stack);
      }
    }
  }
}
