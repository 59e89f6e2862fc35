import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { CommandContext } from '../context';

/** Rows a list shows when nothing else is asked for. */
export const DEFAULT_LIMIT = 100;

/** Reads the number of `--limit`. */
export function limitOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/u.test(text)) throw new InvalidArgumentError('Not a whole number from 1.');
  return Number(text);
}

/** Epoch ms of the time options that are given, by name without dashes. */
export function times<Name extends string>(
  context: CommandContext,
  options: Readonly<Partial<Record<Name, string | undefined>>>,
  names: readonly Name[],
): Partial<Record<Name, number>> {
  const read: Partial<Record<Name, number>> = {};
  for (const name of names) {
    const text = options[name];
    if (text !== undefined) read[name] = context.time(`--${name}`, text);
  }
  return read;
}

/** The options that are given, without the absent ones. */
export function given<Options extends object>(options: Options): { [K in keyof Options]?: NonNullable<Options[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof Options]?: NonNullable<Options[K]>;
  };
}
