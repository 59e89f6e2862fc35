import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { FactsReader } from '../../store/facts/facts-reader';
import { FactsSegmentError } from '../../store/facts/facts-segment';
import { JournalReader } from '../../store/journal/journal-reader';
import { Child, freePort, type Receiver } from './receiver';

const MAIN = join(__dirname, '..', '..', 'cli', 'main.js');

/** Our daemon with a data directory of its own: every line durable in the journal, then parsed into facts. */
export async function startAscribe(folder: string): Promise<Receiver> {
  const port = await freePort();
  const data = join(folder, 'data');
  const config = join(folder, 'ascribe.yaml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    `journal: { reserve_bytes: 0B }
collectors:
  netflow: []
  syslog: [{ udp: ["127.0.0.1:${port}"], tcp: ["127.0.0.1:${port}"] }]
`,
  );
  const child = new Child(process.execPath, [MAIN, 'run', '--config', config, '--data', data]);
  await child.until(() => child.output.includes('ready, listening'));
  const journal = new JournalReader(join(data, 'journal'));
  const facts = new FactsDirectory(join(data, 'flows'));
  return {
    name: 'ascribe',
    does: 'journal (fsync, hash chain), facts, sessions',
    protocols: ['udp', 'tcp'],
    pid: child.pid,
    port,
    stored: () => Promise.resolve(journal.lastSeq()),
    parsed: () => appliedSeq(facts),
    async stop() {
      journal.close();
      facts.close();
      await child.stop();
    },
  };
}

/** Opened for each look: a reader that is held would keep a segment from being sealed. */
function appliedSeq(facts: FactsDirectory): number {
  const newest = facts.names().at(-1);
  if (newest === undefined) return 0;
  try {
    const reader = new FactsReader(facts.path(newest));
    try {
      return reader.appliedSeq;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof FactsSegmentError) return 0;
    throw error;
  }
}
