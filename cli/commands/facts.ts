import { FactsDirectory } from '../../store/facts/facts-directory';
import type { CommandContext } from '../context';
import { dataLayout } from '../data-layout';
import { requireDataDirectory } from './data-directory';

/** Reads the facts segments and closes them again. Throws `CommandError` when there is no data directory. */
export function readFacts<T>(context: CommandContext, read: (facts: FactsDirectory) => T): T {
  const facts = new FactsDirectory(dataLayout(requireDataDirectory(context)).facts);
  try {
    return read(facts);
  } finally {
    facts.close();
  }
}
