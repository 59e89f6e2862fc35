import type { Fact, FactBase } from '../model/facts';
import { terminalLines } from './configuration-text';
import { type ConfigPlatform, platformOf } from './platforms';
import { readTable, TABLE_COMMANDS } from './tables/read-table';
import { TableReading } from './tables/table-reading';

/** What a file of a network device's output seems to be; undefined where not even the platform can be told. */
export interface GuessedCommand {
  readonly platform: ConfigPlatform;
  readonly command: string;
}

const NOWHERE: FactBase = { rawSeq: 0, observedAt: 0, timeQuality: 'from_receipt', device: '', parser: '' };

/**
 * A configuration where it looks like one; else, of a known platform, the state table of which the most rows can be read. For
 * files that people saved: the daemon knows which command it sent.
 */
export function guessCommand(body: Uint8Array, platform: ConfigPlatform | undefined): GuessedCommand | undefined {
  const lines = terminalLines(body);
  const seems = platformOf(lines);
  if (platform === undefined) return seems === undefined ? undefined : { platform: seems, command: 'running_config' };
  if (seems !== undefined) return { platform, command: 'running_config' };
  let best = 'running_config';
  let most = 0;
  for (const command of TABLE_COMMANDS) {
    let told = 0;
    const count = ({ fact }: Fact): void => {
      if (fact === 'binding' || fact === 'session_log') told += 2;
      else told++;
    };
    readTable(new TableReading(lines, NOWHERE, count, {}), platform, command);
    if (told > most) [best, most] = [command, told];
  }
  return { platform, command: best };
}
