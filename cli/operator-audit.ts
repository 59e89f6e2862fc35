import { existsSync } from 'node:fs';
import type * as SpoolModule from '../collectors/operator/operator-spool';
import type { CommandContext } from './context';
import { dataLayout } from './data-layout';
import { CommandError, EXIT, exitCodeOf, type ExitCode } from './exit-codes';
import { operatorRecord } from './operator';
import { causeOf, codeOf, messageOf } from './thrown';

/**
 * Runs a command that changes something or hands data out, and writes down before and after who does what. What cannot be
 * written down is not done. Where there is no data yet, only the end is written; where the file system cannot be written to,
 * nothing can be changed on it either, and a warning has to do.
 */
export async function audited(
  context: CommandContext,
  action: string,
  argv: readonly string[],
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const begun = operatorRecord(context.io, action, argv);
  const { root } = dataLayout(context.dataDirectory);
  const isThere = existsSync(root);
  const isKept = isThere && put(context, begun);
  const end = (exit: ExitCode): void => {
    if (isThere ? isKept : existsSync(root)) put(context, { ...begun, phase: 'end', at: context.io.now(), exit });
  };
  let code: ExitCode;
  try {
    code = await run();
  } catch (error) {
    end(exitCodeOf(error));
    throw error;
  }
  end(code);
  return code;
}

/** Writes down what the daemon was told to do by a signal; who sent it the system does not say. Never fails: the daemon goes on. */
export function noteDone(context: CommandContext, action: string, exit: ExitCode): void {
  try {
    put(context, { ...operatorRecord(context.io, action, ['run']), phase: 'end', exit });
  } catch (error) {
    context.warn(messageOf(error));
  }
}

/** False where nothing can be written. */
function put(context: CommandContext, record: ReturnType<typeof operatorRecord>): boolean {
  const { spoolOperatorRecord } = require('../collectors/operator/operator-spool') as typeof SpoolModule;
  try {
    spoolOperatorRecord(dataLayout(context.dataDirectory).operator, record);
    return true;
  } catch (error) {
    if (codeOf(causeOf(error)) === 'EROFS') {
      context.warn('the data directory cannot be written to: what is done is not recorded in its journal');
      return false;
    }
    throw new CommandError('operator_spool', messageOf(error), EXIT.failed, { cause: error });
  }
}
