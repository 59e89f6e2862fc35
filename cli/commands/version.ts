import type { AscribeCommand } from '../contract';
import { version } from '../version';
import { messageOf } from '../thrown';

/** `version`: what a bug report needs. */
export const versionCommand: AscribeCommand = {
  name: 'version',
  define(program, host) {
    program
      .command('version')
      .description('print the versions of ascribe, Node and SQLite')
      .action(
        host.action(async (context) => {
          const sqlite = await sqliteVersion();
          if (context.json) {
            context.printJson({
              'service.version': version,
              'ascribe.node': process.versions.node,
              'ascribe.sqlite': sqlite,
              'ascribe.platform': `${process.platform}-${process.arch}`,
            });
            return;
          }
          context.print(`ascribe ${version}`);
          context.print(`node    ${process.versions.node} (${process.platform} ${process.arch})`);
          context.print(`sqlite  ${sqlite}`);
        }),
      );
  },
};

/** Version of the SQLite library that the addon carries; why there is none, when it does not load. */
async function sqliteVersion(): Promise<string> {
  try {
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(':memory:');
    try {
      return String(database.prepare('SELECT sqlite_version()').pluck().get());
    } finally {
      database.close();
    }
  } catch (error) {
    return `not available: ${messageOf(error).split('\n', 1)[0]}`;
  }
}
