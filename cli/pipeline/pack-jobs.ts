import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type FactsOfScope, type MadeFacts, makeFacts } from '../../store/evidence/make-facts';
import {
  type DerivedAgain,
  derivedAgain,
  type FactsAgain,
  factsAgain,
  type PackStretches,
} from '../../store/evidence/read-again';
import { settingsFor } from '../config/device-settings';
import type { DeviceConfig } from '../config/schema';
import { createPackFacts, createRederivation } from './rederivation';

/** Parts of making and checking packs that need nothing of each other: what each is given and what it gives. */
export interface PackJobs {
  readonly make_facts: [given: FactsOfScope & { readonly devices: readonly DeviceConfig[] }, made: MadeFacts];
  readonly facts_again: [given: PackStretches, made: FactsAgain];
  readonly derived_again: [given: PackStretches, made: DerivedAgain];
}

export type PackJob = {
  readonly [K in keyof PackJobs]: { readonly kind: K; readonly given: PackJobs[K][0] };
}[keyof PackJobs];

const THREAD = join(__dirname, 'pack-thread.js');

/** Does a job here and now. */
export function doPackJob(job: PackJob): PackJobs[keyof PackJobs][1] {
  switch (job.kind) {
    case 'make_facts':
      return makeFacts(job.given, settingsFor(job.given.devices), createPackFacts);
    case 'facts_again':
      return factsAgain(job.given, createPackFacts);
    case 'derived_again':
      return derivedAgain(job.given, createRederivation);
  }
}

/** A job that was begun. `stop` ends it; safe when it is done. */
export interface BegunJob<Made> {
  readonly made: Promise<Made>;
  stop(): Promise<void>;
}

/**
 * Begins a job in a thread of its own where it is worth one, else does it at once. Sources that are run as they are have no file
 * that a thread could begin with.
 */
export function beginPackJob<K extends keyof PackJobs>(
  kind: K,
  given: PackJobs[K][0],
  isLarge: boolean,
): BegunJob<PackJobs[K][1]> {
  const job = { kind, given } as PackJob;
  if (!isLarge || !existsSync(THREAD)) {
    const made = new Promise<PackJobs[K][1]>((resolve) => resolve(doPackJob(job)));
    made.catch(() => undefined);
    return { made, stop: () => Promise.resolve() };
  }
  const worker = new Worker(THREAD, { workerData: job, name: kind });
  const made = new Promise<PackJobs[K][1]>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`${kind} ended without a result`)));
  });
  made.catch(() => undefined);
  return {
    made,
    stop: async () => {
      await worker.terminate();
    },
  };
}
