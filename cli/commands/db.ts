import { Argument } from '@commander-js/extra-typings';
import type { CommandContext } from '../context';
import type { AscribeCommand } from '../contract';
import { dataLayout } from '../data-layout';
import { requireDataDirectory } from './data-directory';
import type * as DbSchema from './db-schema';
import type * as DbVacuum from './db-vacuum';
import type * as DbVerify from './db-verify';

const PLACES = ['analysis', 'facts', 'journal', 'data'] as const;
type Place = (typeof PLACES)[number];

/** `db`: for people with a SQL client, and for proving the journal. */
export const dbCommand: AscribeCommand = {
  name: 'db',
  define(program, host) {
    const db = program
      .command('db')
      .description('where the SQLite files are, their schema, and whether they are whole');
    db.command('path')
      .description('print a path: sqlite3 "$(ascribe db path)"')
      .addArgument(
        new Argument('[what]', 'analysis: sessions; facts and journal: directories of segments; data: all of it')
          .choices(PLACES)
          .default('analysis' as const),
      )
      .action(host.action((context, what) => path(context, what)));
    db.command('schema')
      .description('print the SQL of all tables, indexes and views; docs/schema.md explains the columns')
      .action(
        host.action((context) => {
          const { printSchema } = require('./db-schema') as typeof DbSchema;
          printSchema(context);
        }),
      );
    db.command('verify')
      .description('read the whole journal again and prove it by hashes, seals and signatures (exit 1: a fault)')
      .option('--public-key <file>', 'key to check the seals with (PEM); default: the one in the data directory')
      .option(
        '--checkpoint <hash or file...>',
        'checkpoints that a SIEM kept: they must be of the past of this journal',
      )
      .action(
        host.action((context, options) => {
          const { verify } = require('./db-verify') as typeof DbVerify;
          return verify(context, options);
        }),
      );
    db.command('vacuum')
      .description('give the free pages of the analysis database back to the file system; not while `run` runs')
      .action(
        host.audited((context) => {
          const { vacuum } = require('./db-vacuum') as typeof DbVacuum;
          vacuum(context);
        }),
      );
  },
};

/** The paths are printed as they are, also where nothing is yet; a terminal gets them escaped. */
function path(context: CommandContext, what: Place): void {
  const data = requireDataDirectory(context);
  const { database: analysis, facts, journal } = dataLayout(data);
  const places: Readonly<Record<Place, string>> = { analysis, facts, journal, data };
  if (context.json) context.printJson({ 'ascribe.path.kind': what, 'file.path': places[what] });
  else context.print(context.io.stdout.isTTY === true ? context.text(places[what]) : places[what]);
}
