import { createHash } from 'node:crypto';
import { terminalText } from '../../collectors/terminal-screen';
import { maskConfiguration } from './mask-configuration';
import { type ConfigGrammar, type ConfigPlatform, grammarOf } from './platforms';

/** A configuration as it may be kept: secrets masked, lines numbered from 1 as the device printed them. */
export interface ConfigurationText {
  readonly platform: ConfigPlatform;
  readonly grammar: ConfigGrammar;
  readonly lines: readonly string[];
  /** First 16 hex digits of the SHA-256 of the masked lines that change only with the configuration. */
  readonly version: string;
}

/** Longest line that is kept whole. */
const MAX_LINE = 65_536;
/** Most lines of one configuration. */
const MAX_LINES = 1_000_000;

/** Makes lines of a command's output and masks their secrets. Total: any bytes give some lines. */
export function configurationText(body: Uint8Array, platform: ConfigPlatform): ConfigurationText {
  const lines = terminalLines(body);
  const grammar = grammarOf(platform, lines);
  const masked = maskConfiguration(lines, grammar);
  return { platform, grammar, lines: masked, version: versionOf(masked) };
}

const UTF8 = new TextDecoder('utf-8');

/** Lines of terminal output: without carriage returns, cursor movements and what a pager wrote over. */
export function terminalLines(body: Uint8Array): string[] {
  const lines = UTF8.decode(terminalText(body)).split('\n', MAX_LINES);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.slice(0, MAX_LINE));
}

/** Beginnings of lines that change without the configuration: the time of the reading, sizes, who saved it. */
const VOLATILE: readonly string[] = [
  'Building configuration',
  'Current configuration :',
  '! Last configuration change at',
  '! NVRAM config last updated at',
  '! No configuration change since last restart',
  'ntp clock-period',
  'Load for five secs',
  'Time source is',
  '!Time:',
  '!Command:',
  '!Running configuration last done at:',
  '!Startup config saved at:',
  '! Command:',
  '! Startup-config last modified at',
  ': Saved',
  ': Written by',
  'Cryptochecksum:',
  '## Last commit:',
  '## Last changed:',
  '#conf_file_ver=',
  '#config-version=',
];

/** Whether the line changes without the configuration. */
export function isVolatile(line: string): boolean {
  if (line.startsWith('# ') && line.includes(' by RouterOS ')) return true;
  return VOLATILE.some((beginning) => line.startsWith(beginning));
}

function versionOf(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) {
    if (line === '' || isVolatile(line)) continue;
    hash.update(line);
    hash.update('\n');
  }
  return hash.digest('hex').slice(0, 16);
}
