import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../cli/config/schema';
import { dataLayout, type DataLayout } from '../../../cli/data-layout';
import { catchUp } from '../../../cli/pipeline/offline';
import type { RawOrigin, RawRecord } from '../../../collectors/contract';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';
import type { Arrival } from '../faults';
import type { Site } from '../site';
import type { Emission } from '../telemetry/emission';
import { siteConfig } from './site-config';

const BATCH = 2_000;
const DAY = 86_400_000;

/** A data directory that holds a site as ascribe knows it. */
export interface Replayed {
  readonly layout: DataLayout;
  /** Milliseconds of this process for facts, sessions and verdicts. */
  readonly derivedIn: number;
  readonly journalledIn: number;
  readonly records: number;
  readonly remove: () => void;
}

/**
 * Journals what arrived at the site's receive times, without a network, and derives everything from it, or with `only` the
 * facts alone.
 */
export function replayFast(
  site: Site,
  arrived: readonly Arrival[],
  config: Config = siteConfig(site),
  only?: 'facts',
): Replayed {
  const root = mkdtempSync(join(tmpdir(), 'ascribe-site-'));
  const layout = dataLayout(root);
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    const began = performance.now();
    journalAll(layout, site, arrived);
    const journalled = performance.now();
    let isEnough = false;
    const onStage = (_stage: string, done: number, until: number): void => {
      isEnough = only === 'facts' && done >= until;
    };
    catchUp(layout, { config, directory: layout.root }, onStage, () => isEnough);
    return {
      layout,
      remove,
      records: arrived.length,
      journalledIn: journalled - began,
      derivedIn: performance.now() - journalled,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function journalAll(layout: DataLayout, site: Site, arrived: readonly Arrival[]): void {
  let now = site.epoch;
  const journal = Journal.open(layout.journal, {
    keys: SigningKeys.open(layout.keys),
    rotateAfterMs: DAY,
    reserveBytes: 0,
    now: () => now,
  });
  const origins = new Origins();
  try {
    for (let i = 0; i < arrived.length; i += BATCH) {
      const batch = arrived.slice(i, i + BATCH).map(({ at, emission }): RawRecord => {
        return { origin: origins.of(emission), receivedAt: site.epoch + at, bytes: emission.bytes };
      });
      now = batch.at(-1)?.receivedAt ?? now;
      journal.append(batch);
    }
  } finally {
    journal.close();
  }
}

/** One origin object for each source: the journal interns by identity. */
class Origins {
  readonly #known = new Map<string, RawOrigin>();

  of({ device, from, format, stream }: Emission): RawOrigin {
    const key = `${from} ${format} ${stream.split(' ')[0]}`;
    let origin = this.#known.get(key);
    if (origin === undefined) {
      origin = this.#make(device, from, format, stream);
      this.#known.set(key, origin);
    }
    return origin;
  }

  #make(device: string, from: string, format: Emission['format'], stream: string): RawOrigin {
    switch (format) {
      case 'flow':
        // Another process of the device has another source port.
        return {
          collector: 'netflow',
          source: 'udp://0.0.0.0:2055',
          peer: `${from}:${40_000 + stream.length}`,
          format,
        };
      case 'loss':
        return { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '', format };
      case 'syslog':
        return { collector: 'syslog', source: 'udp://0.0.0.0:5514', peer: `${from}:514`, format };
      case 'snmp':
        return { collector: 'snmp', source: device, peer: `${from}:161`, format };
      case 'command':
      case 'logfile':
        return { collector: 'ssh', source: device, peer: `${from}:22`, format };
      case 'operator':
        return { collector: 'operator', source: 'operator', peer: '', format };
    }
  }
}
