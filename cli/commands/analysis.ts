import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { openAnalysisForReading } from '../../store/analysis/analysis-db';
import type { CommandContext } from '../context';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { requireDataDirectory } from './data-directory';

/** Reads `ascribe.db` and closes it again. Throws `CommandError` when there is none yet. */
export function readAnalysis<T>(context: CommandContext, read: (db: Database) => T): T {
  const path = dataLayout(requireDataDirectory(context)).database;
  if (!existsSync(path)) {
    throw new CommandError('no_analysis', `nothing has been ascribed in ${path} yet`, EXIT.nothing);
  }
  const db = openAnalysisForReading(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}
