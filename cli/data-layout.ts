import { join } from 'node:path';

/** Where things are in a data directory. */
export interface DataLayout {
  readonly root: string;
  /** Raw records, one SQLite file a segment, and the ledger. */
  readonly journal: string;
  /** Facts, one SQLite file for each journal segment. */
  readonly facts: string;
  /** Sessions and what is derived from them. */
  readonly database: string;
  /** What people decided and approved. */
  readonly casework: string;
  readonly keys: string;
  /** What people do, until the journal takes it in. */
  readonly operator: string;
  /** Cursors and dead letters of forwarding; there once something was forwarded. */
  readonly forward: string;
}

/** The layout under the absolute path of a data directory. */
export function dataLayout(root: string): DataLayout {
  return {
    root,
    journal: join(root, 'journal'),
    facts: join(root, 'flows'),
    database: join(root, 'ascribe.db'),
    casework: join(root, 'casework.db'),
    keys: join(root, 'keys'),
    operator: join(root, 'operator'),
    forward: join(root, 'forward.db'),
  };
}
