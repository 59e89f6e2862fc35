import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { findHomeNetworks } from '../config/home-networks';
import { sampleConfig } from '../config/sample';
import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';
import { codeOf, messageOf } from '../thrown';

/** Answers `init`. */
export function init(context: CommandContext, toStdout: boolean): void {
  const homeNetworks = findHomeNetworks(networkInterfaces());
  const text = sampleConfig({ homeNetworks });
  if (toStdout) {
    context.io.stdout.write(text);
    return;
  }
  const file = context.options.config ?? 'ascribe.yaml';
  writeNew(resolve(context.io.cwd, file), file, text);
  const networks = homeNetworks.map(({ network }) => network);
  if (context.json) {
    context.printJson({ 'file.path': file, 'ascribe.home_networks': networks });
    return;
  }
  context.print(`wrote ${context.text(file)}`);
  context.print(`home networks: ${networks.join(', ')}`);
  context.print(`next: ascribe check, then ascribe run`);
}

/** Never overwrites: a configuration is somebody's work. Not readable by others: it names devices and who may log in. */
function writeNew(path: string, shown: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o640 });
  } catch (error) {
    const code = codeOf(error) ?? messageOf(error);
    const message =
      code === 'EEXIST' ? `${shown} exists; it is not overwritten` : `${shown} cannot be written: ${code}`;
    throw new CommandError('config_not_written', message, code === 'EEXIST' ? EXIT.usage : EXIT.failed, {
      cause: error,
    });
  }
}
