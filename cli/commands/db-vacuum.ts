import { existsSync, statSync } from 'node:fs';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import { DataLock } from '../../store/journal/data-lock';
import type { CommandContext } from '../context';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import { formatBytes } from '../output/units';
import { requireDataDirectory } from './data-directory';

/** Rewrites `ascribe.db` without its free pages. Segments need none: they are only appended to and removed whole. */
export function vacuum(context: CommandContext): void {
  const dataDirectory = requireDataDirectory(context);
  const path = dataLayout(dataDirectory).database;
  if (!existsSync(path)) throw new CommandError('no_analysis', `there is no ${path} yet`, EXIT.nothing);
  const lock = DataLock.acquire(dataDirectory);
  try {
    const before = statSync(path).size;
    const db = openAnalysisForWriting(path);
    try {
      db.exec('VACUUM');
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
    const after = statSync(path).size;
    if (context.json) context.printJson({ 'file.path': path, 'file.size': after, 'ascribe.file.size_before': before });
    else context.print(`${context.text(path)}: ${formatBytes(before)} before, ${formatBytes(after)} now`);
  } finally {
    lock.release();
  }
}
