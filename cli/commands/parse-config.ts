import { readFile } from 'node:fs/promises';
import type * as SshRecordModule from '../../collectors/ssh/ssh-record';
import type { RawRecord } from '../../collectors/contract';
import type * as GuessModule from '../../normalizer/config/guess-command';
import type * as PlatformsModule from '../../normalizer/config/platforms';
import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';
import { standardInput } from './standard-input';

/**
 * A saved configuration, or the saved output of one command, as the record that reading the device would have made.
 * Throws `CommandError` for a platform that is not known or cannot be told.
 */
export async function configRecord(
  context: CommandContext,
  file: string,
  profile: string | undefined,
  receivedAt: number | undefined,
): Promise<RawRecord> {
  const { guessCommand } = require('../../normalizer/config/guess-command') as typeof GuessModule;
  const { encodeCommandRecord } = require('../../collectors/ssh/ssh-record') as typeof SshRecordModule;
  const body = file === '-' ? await standardInput(context) : await readFile(file);
  const guessed = guessCommand(body, platformOf(profile));
  if (guessed === undefined) {
    throw new CommandError(
      'bad_profile',
      `${file}: the platform cannot be told from it: say --profile ${known()}`,
      EXIT.usage,
    );
  }
  const at = receivedAt ?? context.io.now();
  const header = {
    ...guessed,
    line: '',
    exit: null,
    signal: '',
    complete: true,
    reason: '' as const,
    stderr: '',
    startedAt: at,
    finishedAt: at,
    output: 'text' as const,
  };
  const source = file === '-' ? 'stdin' : file;
  return {
    origin: { collector: 'import', source, peer: '', format: 'command' },
    receivedAt: at,
    bytes: encodeCommandRecord(header, body),
  };
}

function platformOf(profile: string | undefined): PlatformsModule.ConfigPlatform | undefined {
  const { isConfigPlatform } = require('../../normalizer/config/platforms') as typeof PlatformsModule;
  if (profile === undefined || isConfigPlatform(profile)) return profile;
  throw new CommandError('bad_profile', `--profile: "${profile}" is not one of ${known()}`, EXIT.usage);
}

function known(): string {
  const { CONFIG_PLATFORMS } = require('../../normalizer/config/platforms') as typeof PlatformsModule;
  return CONFIG_PLATFORMS.join(', ');
}
