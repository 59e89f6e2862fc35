import { createHash } from 'node:crypto';
import type { CommandReading } from './command-reading';

/**
 * A session that the host itself opens because it is set up so: `config-endpoint`. A host has no lines of configuration; the
 * statement that `text` makes of the setting is version and line in one.
 */
export function declaredEndpoint(
  reading: CommandReading,
  purpose: 'syslog' | 'ntp' | 'dns',
  text: string,
  value: string,
  encrypted: 'yes' | 'no' | 'maybe',
): void {
  const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
  reading.binding('config-endpoint', `${version}:1`, value, {
    'ascribe.config.purpose': purpose,
    'ascribe.config.text': text,
    'ascribe.config.active': 1,
    'ascribe.config.encrypted': encrypted,
  });
}
