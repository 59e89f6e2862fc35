import { addCustody, type CustodyEntry, custodyFile, readCustody } from '../../store/evidence/custody';
import { sha256OfFile } from '../../store/evidence/spool';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import { custodyEntry, requirePack } from './evidence-file';

/** Answers `evidence custody`. */
export function custody(
  context: CommandContext,
  given: string,
  { note, by }: { readonly note?: string | undefined; readonly by?: string | undefined },
): CommandResult {
  const file = requirePack(context, given);
  const path = custodyFile(file);
  const sha256 = sha256OfFile(file);
  if (note !== undefined) addCustody(path, custodyEntry(context, 'noted', sha256, note, by));
  const { entries, broken } = readCustody(path);
  for (const item of entries) tellEntry(context, item, item.pack === sha256);
  if (broken !== undefined) context.warn(`line ${broken} does not follow on the one before it: the log was changed`);
  if (entries.length === 0 && broken === undefined) {
    context.note(`there is no custody log beside ${file}`);
    return EXIT.nothing;
  }
  const isSame = entries.at(-1)?.pack === sha256;
  if (!isSame) context.warn('the pack is not the one the last entry is about');
  return broken === undefined && isSame ? EXIT.done : EXIT.failed;
}

function tellEntry(context: CommandContext, item: CustodyEntry, isSame: boolean): void {
  if (context.json) {
    context.printJson({
      '@timestamp': new Date(item.at).toISOString(),
      'event.action': item.action,
      'user.name': item.by,
      'host.name': item.host,
      'file.hash.sha256': item.pack,
      message: item.text,
    });
    return;
  }
  const pack = isSame ? 'this pack' : `another pack ${item.pack.slice(0, 16)}`;
  context.print(
    `${context.formatTime(item.at)}  ${item.action}  ${context.text(`${item.by} on ${item.host}`)}  ${pack}  ${context.text(item.text)}`,
  );
}
