import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { DestinationStatus } from '../../forwarders/delivery/destination-status';
import { ForwardDatabase } from '../../forwarders/delivery/forward-db';
import { Forwarder } from '../../forwarders/delivery/forwarder';
import type { DestinationSettings } from '../../forwarders/forward-config';
import { fingerprintOf, loadPublicKey } from '../../store/journal/signing-keys';
import { secretResolver } from '../config/secrets';
import type { DataLayout } from '../data-layout';
import { version } from '../version';
import { runThread } from './thread-host';

export interface ForwardData {
  readonly layout: DataLayout;
  readonly destinations: readonly DestinationSettings[];
  /** Where relative paths of the configuration start. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ForwardStats {
  readonly destinations: readonly DestinationStatus[];
}

/** The store to its destinations. A cursor over the store: nothing waits for this thread. */
runThread<ForwardData, ForwardStats>(async ({ layout, destinations, directory, env }, host) => {
  const database = ForwardDatabase.open(layout.forward);
  try {
    const instance = database.once('instance', () => instanceName(layout.keys));
    const warned = new Set<string>();
    const secret = secretResolver(directory, env, (message) => {
      if (warned.has(message)) return;
      warned.add(message);
      host.emit({ kind: 'config_warning', message });
    });
    const forwarder = new Forwarder({
      destinations,
      database,
      places: { journal: layout.journal, facts: layout.facts, database: layout.database, instance },
      context: { secret, directory, hostname: hostname(), version },
      emit: host.emit,
    });
    host.publish(() => ({ destinations: forwarder.status() }));
    host.ready();
    await forwarder.run(host.stop);
  } finally {
    database.close();
  }
});

/** What makes the ids of this data directory's records its own: the key that seals its journal. */
function instanceName(keys: string): string {
  try {
    return fingerprintOf(loadPublicKey(keys));
  } catch {
    return randomUUID();
  }
}
