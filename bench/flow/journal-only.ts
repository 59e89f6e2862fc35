import { join } from 'node:path';
import type { JournalData, JournalStats } from '../../cli/daemon/journal-thread';
import type { ReceiverData, ReceiverStats } from '../../cli/daemon/receiver-thread';
import { DaemonThread, type ThreadError } from '../../cli/daemon/daemon-thread';
import { createProgress } from '../../cli/daemon/stage-progress';
import { createRing } from '../../store/journal/ring-layout';

/**
 * The daemon's receiver and journal threads and nothing behind them: node journal-only.js DIRECTORY PORT. Says `ready, listening`
 * on stderr; SIGTERM ends it when everything received is durable, and prints what the listener counted.
 */
async function main(directory: string, port: number): Promise<void> {
  const ring = createRing(64 << 20);
  const emit = (): void => undefined;
  const onFailure = (error: ThreadError): never => {
    throw error;
  };
  const receiver = new DaemonThread<ReceiverData, ReceiverStats>({ name: 'receiver', emit, onFailure });
  const journal = new DaemonThread<JournalData, JournalStats>({ name: 'journal', emit, onFailure });
  await journal.start({
    rings: [ring],
    progress: createProgress(),
    journalDirectory: join(directory, 'journal'),
    keysDirectory: join(directory, 'keys'),
    forwardPath: join(directory, 'forward.db'),
    options: { reserveBytes: 0, rotateAfterBytes: 256 << 20 },
    operatorSpool: join(directory, 'operator'),
    checkpointMs: 300_000,
    retention: { maxAgeMs: undefined, maxBytes: undefined },
  });
  const netflow = [{ listen: [`127.0.0.1:${port}`], receive_buffer: '16MiB' }];
  await receiver.start({ ring, sections: { netflow, syslog: [] } });
  process.stderr.write('ready, listening\n');
  await new Promise((resolve) => process.once('SIGTERM', resolve));
  await receiver.stop(10_000);
  await journal.stop(60_000);
  const [listener] = receiver.stats?.listeners ?? [];
  process.stdout.write(`${JSON.stringify(listener)}\n`);
}

void main(process.argv[2] ?? '.', Number(process.argv[3] ?? 2055));
