import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DestinationList } from '../../attribution/destinations/destination-list';
import { parseList } from '../../attribution/destinations/list-formats';
import type { DestinationListConfig } from '../config/destinations';
import { codeOf, messageOf } from '../thrown';

/** The lists that could be read, and one sentence for each that could not, or is old. */
export interface LoadedLists {
  readonly lists: readonly DestinationList[];
  readonly warnings: readonly string[];
}

const LARGEST = 512 << 20;

/** Reads the configured lists, also `.gz`. A list that cannot be read is left out and named; the others stand. */
export function loadDestinationLists(
  configured: readonly DestinationListConfig[],
  directory: string,
  now: number,
): LoadedLists {
  const lists: DestinationList[] = [];
  const warnings: string[] = [];
  for (const settings of configured) {
    try {
      const list = readList(settings, resolve(directory, settings.file));
      lists.push(list);
      warnings.push(...remarks(settings, list, now));
    } catch (error) {
      warnings.push(
        `destination list ${settings.name} (${settings.file}) is left out: ${codeOf(error) ?? ''} ${messageOf(error)}`,
      );
    }
  }
  return { lists, warnings };
}

function readList(settings: DestinationListConfig, path: string): DestinationList {
  const { name, kind, format, tlp, address_column: address, label_column: label } = settings;
  const { size, mtimeMs } = statSync(path);
  if (size > LARGEST) throw new Error(`is larger than ${LARGEST >> 20} MiB`);
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = (path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: LARGEST }) : bytes).toString('utf8');
  const parsed = parseList(text, format, { address, label });
  return {
    name,
    kind,
    sha256,
    date: parsed.date ?? Math.floor(mtimeMs),
    tlp: tlp === 'clear' ? (parsed.tlp ?? tlp) : tlp,
    entries: parsed.entries,
    skipped: parsed.skipped,
  };
}

function remarks(
  settings: DestinationListConfig,
  { name, date, entries, skipped }: DestinationList,
  now: number,
): string[] {
  const days = Math.floor((now - date) / 86_400_000);
  const old = settings.max_age !== undefined && now - date > settings.max_age;
  return [
    ...(old ? [`destination list ${name} is ${days} days old: addresses change hands`] : []),
    ...(entries.length === 0
      ? [`destination list ${name} names no address and no name (${skipped} entries are neither)`]
      : []),
  ];
}
