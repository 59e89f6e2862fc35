import { resolve } from 'node:path';
import type { SshStats } from '../../collectors/ssh/poller/ssh-poller';
import { SshCollector } from '../../collectors/ssh/ssh-collector';
import { RingProducer } from '../../store/journal/ring-producer';
import { COLLECTORS } from '../collectors';
import { secretResolver } from '../config/secrets';
import { LogPositions } from './log-positions';
import { runThread } from './thread-host';

export interface SshData {
  readonly ring: SharedArrayBuffer;
  /** The collector's sections as they were written. */
  readonly sections: readonly unknown[];
  readonly journalDirectory: string;
  /** Where relative paths of the configuration start. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Figures of each section. */
export type SshThreadStats = readonly SshStats[];

const DRAIN_LOOK_MS = 20;

/** Reads devices over SSH, in a thread of its own: encryption and long outputs must keep nothing else waiting. */
runThread<SshData, SshThreadStats>(async ({ ring, sections, journalDirectory, directory, env }, host) => {
  const producer = new RingProducer(ring);
  const context = { offer: producer.offer, emit: host.emit, now: Date.now };
  const drained = async (): Promise<void> => {
    while (producer.filled > 0 && !host.stop.aborted) await host.pause(DRAIN_LOOK_MS);
  };
  const positions = new LogPositions(journalDirectory, drained);
  // Secrets are resolved anew at each login; a warning about one is worth saying once.
  const warned = new Set<string>();
  const secrets = secretResolver(directory, env, (message) => {
    if (!warned.has(message)) host.emit({ kind: 'config_warning', message });
    warned.add(message);
  });
  const collectors = sections.map((section) => {
    const settings = COLLECTORS.ssh.config.parse(section);
    const knownHosts = settings.knownHosts.map((path) => resolve(directory, path));
    const resume = positions.of.bind(positions);
    return new SshCollector({ ...settings, knownHosts, secrets, resume }, context);
  });
  host.onNote((note) => {
    for (const collector of collectors) {
      if (note.kind === 'ssh_release') collector.release();
      else if (note.kind === 'config_changed') collector.changed(note.device, note.address);
    }
  });
  host.publish(() => collectors.map((collector) => collector.stats()));
  for (const collector of collectors) await collector.start();
  host.ready();
  await new Promise<void>((done) => host.stop.addEventListener('abort', () => done(), { once: true }));
  for (const collector of collectors) await collector.stop();
});
