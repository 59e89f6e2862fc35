import { join } from 'node:path';

/** Where things are in a data directory. */
export interface DataPaths {
  /** Raw records: `journal/NAME.db`, and the ledger of seals. */
  readonly journal: string;
  /** Facts: `flows/NAME.db`. */
  readonly facts: string;
  /** Sessions, verdicts and everything else that is derived from facts. */
  readonly analysis: string;
  /** The key that signs seals. */
  readonly keys: string;
}

export function dataPaths(dataDirectory: string): DataPaths {
  return {
    journal: join(dataDirectory, 'journal'),
    facts: join(dataDirectory, 'flows'),
    analysis: join(dataDirectory, 'ascribe.db'),
    keys: join(dataDirectory, 'keys'),
  };
}
