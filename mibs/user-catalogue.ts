import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueError, readModule, type MibModule } from '../normalizer/snmp/catalogue';

/** What a folder of catalogue modules holds. */
export interface UserCatalogue {
  readonly modules: readonly MibModule[];
  /** One line for each file that is no module, beginning with its name. */
  readonly problems: readonly string[];
}

/**
 * Reads all `*.json` of a folder as catalogue modules, by name; a folder that does not exist is empty. A file that
 * cannot be read is a problem, and the others still count. `new Catalogue([...BUILT_IN_MODULES, ...modules])` takes
 * them up.
 */
export function loadUserCatalogue(folder: string): UserCatalogue {
  const modules: MibModule[] = [];
  const problems: string[] = [];
  for (const name of namesIn(folder)) {
    try {
      modules.push(readModule(readFileSync(join(folder, name), 'utf8'), name));
    } catch (error) {
      if (error instanceof CatalogueError) problems.push(error.message);
      else problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be read'}`);
    }
  }
  return { modules, problems };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
