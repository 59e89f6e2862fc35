import { MIGRATIONS } from '../../store/analysis/migrations.data';
import { FACTS_INDEXES, FACTS_SCHEMA, FACTS_VIEWS } from '../../store/facts/facts-schema.data';
import { SEGMENT_DDL } from '../../store/journal/segment-schema';
import type { CommandContext } from '../context';

/** Prints the SQL that makes each kind of file, as one script with a heading for each; with `--json` one object each. */
export function printSchema(context: CommandContext): void {
  const files = [
    { file: 'ascribe.db', sql: MIGRATIONS.map(({ sql }) => sql).join('\n') },
    { file: 'flows/*.db', sql: `${FACTS_SCHEMA}${FACTS_VIEWS}\n-- made when the segment is sealed${FACTS_INDEXES}` },
    { file: 'journal/*.db', sql: SEGMENT_DDL },
  ];
  for (const { file, sql } of files) {
    if (context.json) context.printJson({ 'file.path': file, 'ascribe.sql': sql.trim() });
    else context.print(`-- ${file}\n${sql.trim()}\n`);
  }
}
