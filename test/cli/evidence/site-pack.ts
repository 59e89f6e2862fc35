import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openAnalysisForReading } from '../../../store/analysis/analysis-db';
import { replayFast, type Replayed } from '../../site/delivery/fast';
import { speakers } from '../../site/delivery/site-config';
import { arrivals } from '../../site/faults';
import { siteOf, telemetryOptions } from '../../site/run';
import type { Scenario } from '../../site/scenarios/scenario';
import { telemetryOf } from '../../site/telemetry/telemetry';
import { run, type Run } from '../support/run';

/** A data directory that holds a simulated site, and its configuration as a file. */
export class SitePack {
  readonly replayed: Replayed;
  readonly folder: string;
  readonly from: number;
  readonly to: number;

  constructor(scenario: Scenario, seed: number) {
    const site = siteOf(scenario, seed);
    const telemetry = telemetryOptions(scenario, site);
    this.replayed = replayFast(site, arrivals(seed, telemetryOf(site, telemetry), scenario.faults ?? {}));
    this.folder = this.replayed.layout.root;
    this.from = site.epoch;
    this.to = site.epoch + site.duration;
    const devices = [...speakers(site)].map(([name, ip]) => ({ name, addresses: [ip] }));
    // JSON is YAML.
    writeFileSync(this.path('site.yaml'), JSON.stringify({ home_networks: site.homeNetworks, devices }));
  }

  run(...argv: string[]): Promise<Run> {
    const all = ['evidence', ...argv, '--config', this.path('site.yaml'), '--data', this.folder];
    return run(all, { cwd: this.folder, now: this.to });
  }

  read<T>(look: (db: Database) => T): T {
    const db = openAnalysisForReading(this.replayed.layout.database);
    try {
      return look(db);
    } finally {
      db.close();
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    this.replayed.remove();
  }
}
