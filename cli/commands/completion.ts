import { Argument } from '@commander-js/extra-typings';
import { bashScript } from '../completion/bash';
import { commandTree } from '../completion/command-tree';
import { fishScript } from '../completion/fish';
import { zshScript } from '../completion/zsh';
import type { AscribeCommand } from '../contract';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `completion`: a script for the shell, made from the commands as they are. */
export const completionCommand: AscribeCommand = {
  name: 'completion',
  define(program, host) {
    program
      .command('completion')
      .description('print a completion script: source <(ascribe completion bash)')
      .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
      .action(
        host.action((context, shell) => {
          context.io.stdout.write(SCRIPTS[shell](commandTree(program)));
        }),
      );
  },
};
