import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';
import { JournalReader } from '../journal/journal-reader';
import type { CreateFactReader } from './contract';
import { PACK_FILES } from './pack-layout';
import { Scope } from './scope';
import { scopedRecords } from './scoped-records';
import { SpoolFile } from './spool';
import { ToldSettings } from './told-settings';

export interface FactsOfScope {
  /** `<data>/journal`. */
  readonly journal: string;
  /** The file of a scope that is not added to any more. */
  readonly scope: string;
  /** File to write. */
  readonly file: string;
}

/** `data/derived/facts.ndjson` of a pack, written. */
export interface MadeFacts {
  readonly records: number;
  readonly facts: number;
  readonly size: number;
  readonly sha256: string;
  /** What the normalizer was told of senders. */
  readonly told: readonly (readonly [address: string, settings: DeviceSettings])[];
}

/** Reads the records of a scope into facts. Shares nothing with who writes the rest of a pack: may run in another thread. */
export function makeFacts(
  { journal: directory, scope: scopeFile, file: path }: FactsOfScope,
  settingsFor: SettingsFor,
  createFactReader: CreateFactReader,
): MadeFacts {
  const scope = new Scope(scopeFile);
  const journal = new JournalReader(directory);
  const settings = new ToldSettings(settingsFor);
  const file = new SpoolFile(PACK_FILES.facts, path);
  let [records, facts] = [0, 0];
  try {
    const reader = createFactReader(settings.of, (line) => {
      facts += 1;
      file.line(line);
    });
    const range = scope.range();
    for (const record of range === undefined ? [] : scopedRecords(journal, scope, range.first, range.last)) {
      reader.take(record);
      records += 1;
    }
    reader.finish();
    const sha256 = file.close();
    return { records, facts, size: file.size, sha256, told: settings.entries() };
  } finally {
    journal.close();
    scope.close();
  }
}
