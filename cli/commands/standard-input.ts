import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';

/** Longest text that is read as a whole. */
const MAX_BYTES = 256 << 20;

/** All of standard input. Throws `CommandError` for more than 256 MiB. */
export async function standardInput(context: CommandContext): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of context.io.stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > MAX_BYTES) throw new CommandError('too_large', 'standard input is longer than 256 MiB', EXIT.failed);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
