import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confirmedParties, type Party } from '../receivers/parties';
import { StoreSite, until } from '../store-site';

/**
 * Our own sender, a process with every confirmed transport that there is a receiver for, killed with SIGKILL and frozen
 * again and again, each time when one of the receivers has stored something and mostly not answered yet. In the end every
 * receiver has, by id, exactly what the store has.
 */

const HOOK = join(__dirname, '../../setup/ts-hook.js');
const SENDER = join(__dirname, 'crash-sender.ts');
/** More than one batch of every transport but one. */
const RECORDS = 1200;

class Sender {
  readonly #folder: string;
  readonly #destinations: string;
  #child: ChildProcess | undefined;
  #errors = '';

  constructor(folder: string, parties: readonly Party[]) {
    this.#folder = folder;
    this.#destinations = JSON.stringify(
      parties.map(({ destination }, n) => ({ name: `party-${n}`, send: ['events'], ...destination })),
    );
  }

  async start(): Promise<void> {
    const args = ['--folder', this.#folder, '--destinations', this.#destinations];
    const child = spawn(process.execPath, ['-r', HOOK, SENDER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.on('data', (data: Buffer) => (this.#errors += data.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error(`the sender ended: ${this.#errors}`)));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when the process is gone; fails when it went by itself. */
  async killed(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => {
        child.once('exit', resolve);
      });
    }
    if (child.signalCode !== 'SIGKILL') throw new Error(`ended with ${child.exitCode}: ${this.#errors}`);
  }

  async stop(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.signal('SIGKILL');
    await this.killed();
  }
}

let folder: string;
let site: StoreSite;
let sender: Sender | undefined;
let parties: Party[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-crash-'));
  site = new StoreSite();
  parties = await confirmedParties(folder);
});

afterEach(async () => {
  await sender?.stop();
  for (const party of parties) await party.stop();
  site.remove();
  rmSync(folder, { recursive: true, force: true });
});

const stored = (party: Party): Promise<void> =>
  new Promise((resolve) => {
    party.whenStored(resolve);
  });

/** What a receiver lacks or has beside the store's, once it has had time to get everything. */
async function differences(party: Party, wanted: ReadonlySet<string>): Promise<string[]> {
  const end = performance.now() + 120_000;
  for (;;) {
    const found = await party.ids();
    const missing = [...wanted].filter((id) => !found.has(id)).length;
    const foreign = [...found].filter((id) => !wanted.has(id)).length;
    if (missing === 0 && foreign === 0) return [];
    if (performance.now() > end) return [`${party.name}: ${missing} missing, ${foreign} foreign`];
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
}

test('killed and frozen at the worst moments, it has sent to each what the store has', async () => {
  sender = new Sender(site.folder, parties);
  for (const party of parties) {
    const seen = new Promise<void>((resolve) => {
      party.whenStored(() => {
        sender?.signal('SIGKILL');
        resolve();
      });
    });
    site.addEvents(RECORDS);
    await sender.start();
    await seen;
    await sender.killed();
  }
  await sender.start();
  for (const party of parties) {
    const seen = stored(party);
    site.addEvents(RECORDS);
    await seen;
    sender.signal('SIGSTOP');
    await party.disturb();
    sender.signal('SIGCONT');
  }
  const wanted = site.eventIds();
  expect(wanted.size).toBe(2 * parties.length * RECORDS);
  const found: string[] = [];
  for (const party of parties) found.push(...(await differences(party, wanted)));
  expect(found).toEqual([]);
  const position = `2026-11-24T02-000/${wanted.size}`;
  await until(
    () =>
      site.database((database) =>
        database.cursors().every((cursor) => cursor.kind !== 'events' || cursor.position === position),
      ),
    'every cursor at the end',
    60_000,
  );
}, 400_000);
