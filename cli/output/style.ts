import { styleText } from 'node:util';
import type { OutputStream } from '../io';

/** Colours of a stream, or none. The text itself must be escaped before. */
export interface Style {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/**
 * Colours only on a terminal, unless `FORCE_COLOR` is set and not `0`; never with `--no-color` or a non-empty
 * `NO_COLOR` (no-color.org), which win.
 */
export function createStyle(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Style {
  const enabled = wanted && !isSet(env['NO_COLOR']) && colourTerminal(stream, env);
  const paint = (format: Format) => (text: string) =>
    enabled ? styleText(format, text, { validateStream: false }) : text;
  return {
    enabled,
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    warn: paint('yellow'),
    bad: paint('red'),
  };
}

function colourTerminal(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
