import { maskSecrets } from '../../mask-secrets';
import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';

/** Settings of one answer. */
const MAX_SETTINGS = 256;
const MAX_DEPTH = 6;
/** `Name: value`, `Name = value`, `Name ...... value`, indented below what it belongs to. */
const PAIR = /^( {0,32})([A-Za-z][^:=\n]{0,63}?) {0,64}(?:[:=]|\.{3,64}) {1,64}(\S.{0,511})$/;
const HEADING = /^( {0,32})([A-Za-z][^:=\n]{0,63}?) {0,8}:? {0,8}$/;

interface Level {
  readonly indent: number;
  readonly name: string;
}

/**
 * State of what a device says home: licences, call-home, telemetry, cloud management. Their words differ with each version, and
 * people read them: each pair becomes an inventory `setting` whose id is the path to it (`license/Registration/Status`).
 * Rows of tables (`Index Peer Address Port …`) have no pairs and stay in the journal.
 */
export function readSettings(table: TableReading, _platform: ConfigPlatform, command: string): void {
  const above: Level[] = [];
  let told = 0;
  for (const raw of table.lines) {
    const line = raw.trimEnd();
    const pair = PAIR.exec(line);
    const [, spaces = '', name = '', value] = pair ?? HEADING.exec(line) ?? [];
    if (name === '') continue;
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= spaces.length) above.pop();
    if (value === undefined) {
      if (above.length < MAX_DEPTH) above.push({ indent: spaces.length, name: name.trim() });
      continue;
    }
    if (told++ >= MAX_SETTINGS) return;
    const path = [command, ...above.map((level) => level.name), name.trim()].join('/');
    const masked = maskSecrets(`${name.trim()}: ${value}`).slice(name.trim().length + 2);
    table.inventory('setting', path, name.trim(), { 'ascribe.setting.value': masked });
  }
}
