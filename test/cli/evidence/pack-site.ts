import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawRecord } from '../../../collectors/contract';
import { dataLayout } from '../../../cli/data-layout';
import { loadConfig } from '../../../cli/config/load';
import { catchUp } from '../../../cli/pipeline/offline';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { flowTemplates, NetflowV9Encoder } from '../../site/encoders/flow-encoder';
import { flowsOf, makeWorld } from '../../site/flow-world';
import { run, type Run } from '../support/run';

export const T = Date.UTC(2026, 10, 24, 1);
/** A message with a secret in it, of the form of Cisco's PARSER-5-CFGLOG_LOGGEDCMD. */
export const CANARY = 'Kanarienvogel-7';

/** A data directory that holds what a router and a flow exporter sent: three sealed segments and an open one. */
export class PackSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-evidence-'));
  readonly data = join(this.folder, 'data');

  /** `more`: lines that say nothing. */
  constructor(perSecond = 4, more = 0) {
    const layout = dataLayout(this.data);
    const journal = Journal.open(layout.journal, {
      keys: SigningKeys.open(layout.keys),
      reserveBytes: 0,
      now: () => T,
      emit: () => undefined,
    });
    const all = [...syslog(), ...flows(perSecond), ...idle(more)];
    const part = Math.ceil(all.length / 4);
    for (let from = 0; from < all.length; from += part) {
      journal.append(all.slice(from, from + part));
      if (from + part < all.length) journal.rotate();
    }
    journal.close();
    catchUp(layout, loadConfig({ cwd: this.folder, dataDirectory: this.data }), () => undefined);
  }

  run(...argv: string[]): Promise<Run> {
    return run(['evidence', ...argv, '--data', this.data], { cwd: this.folder, now: T });
  }

  /** Unpacks an archive with tar and gives the directory. */
  unpack(name: string): string {
    execFileSync('tar', ['xf', name], { cwd: this.folder });
    const [root = ''] = execFileSync('tar', ['tf', name], { cwd: this.folder, encoding: 'utf8' }).split('/');
    return join(this.folder, root);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    spawnSync('chmod', ['-R', 'u+w', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}

const LINE = { collector: 'syslog', source: 'udp://0.0.0.0:5514', peer: '192.0.2.7:514', format: 'syslog' } as const;

function idle(lines: number): RawRecord[] {
  return Array.from({ length: lines }, (_, i) => ({
    origin: LINE,
    receivedAt: T + 90_000 + i,
    bytes: Buffer.from(`<14>Nov 24 01:01:30 core-1 idle: ${i} ${'.'.repeat(200)}`),
  }));
}

function syslog(): RawRecord[] {
  return Array.from({ length: 9 }, (_, i) => ({
    origin: LINE,
    receivedAt: T + i * 1000,
    bytes: Buffer.from(
      `<189>${i + 1}: Nov 24 2026 01:00:0${i} UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:eva  logged command:username op${i} password 0 ${CANARY}`,
    ),
  }));
}

function flows(perSecond: number): RawRecord[] {
  const encoder = new NetflowV9Encoder(1, T - 3_600_000, flowTemplates('v9'));
  const origin = {
    collector: 'netflow',
    source: 'udp://0.0.0.0:2055',
    peer: '192.0.2.1:2055',
    format: 'flow',
  } as const;
  const records = [{ origin, receivedAt: T + 20_000, bytes: encoder.templates(T) }];
  const sent = flowsOf(makeWorld(8, 60_000, perSecond), T, 30_000).filter(({ src }) => isIPv4(src));
  for (let i = 0; i < sent.length; i += 4) {
    for (const bytes of encoder.data(sent.slice(i, i + 4), T + 60_000)) {
      records.push({ origin, receivedAt: T + 60_000 + i, bytes: bytes.bytes });
    }
  }
  return records;
}
