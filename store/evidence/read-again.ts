import type { SettingsFor } from '../../normalizer/settings';
import type { StoredRecord } from '../../collectors/contract';
import { DerivedComparison } from './compare-derived';
import { readContext } from './context';
import type { Comparison, CreateFactReader, CreateRederivation, FactReader, PackFault } from './contract';
import { PACK_FILES } from './pack-layout';
import { parseRawLine } from './raw-line';
import { lines, type Stretch } from './spool';
import { readSettings } from './told-settings';

/** Where the files of a pack are in its archive. Plain data: an open file serves every thread of its process. */
export interface PackStretches {
  readonly records: Stretch;
  readonly settings: Stretch;
  readonly facts: Stretch;
  readonly context: Stretch;
  readonly sessions: Stretch;
  readonly findings: Stretch;
}

/** What reading the records again came to. */
export interface FactsAgain {
  readonly faults: readonly PackFault[];
  readonly facts: number;
}

/** What deriving everything again came to. */
export interface DerivedAgain {
  readonly faults: readonly PackFault[];
  readonly comparison: Comparison;
}

/** Reads the records of a pack into facts and compares them with those that the pack states. */
export function factsAgain(pack: PackStretches, createFactReader: CreateFactReader): FactsAgain {
  const faults: PackFault[] = [];
  const stored = lines(pack.facts);
  let facts = 0;
  let differs = false;
  const reader = createFactReader(settingsOf(pack, faults), (line) => {
    facts += 1;
    if (differs || stored.next().value === line) return;
    differs = true;
    const text = `line ${facts} is not what is read in the raw records by this version of ascribe`;
    faults.push({ file: PACK_FILES.facts, text });
  });
  readAll(pack.records, reader);
  if (!differs && stored.next().done !== true) {
    faults.push({ file: PACK_FILES.facts, text: 'holds more facts than are read in the raw records' });
  }
  return { faults, facts };
}

/** Derives sessions, verdicts and findings from the records of a pack and compares them with those that the pack states. */
export function derivedAgain(pack: PackStretches, createRederivation: CreateRederivation): DerivedAgain {
  const faults: PackFault[] = [];
  const fault = (file: string, text: string): unknown => faults.push({ file, text });
  const again = createRederivation(settingsOf(pack, faults));
  try {
    readAll(pack.records, again);
    const context = readContext(lines(pack.context), (text) => fault(PACK_FILES.context, text));
    const comparison = new DerivedComparison(again.analyse(context));
    for (const line of lines(pack.sessions)) if (!comparison.session(line)) fault(PACK_FILES.sessions, NONE_OF_OURS);
    for (const line of lines(pack.findings)) if (!comparison.finding(line)) fault(PACK_FILES.findings, NONE_OF_OURS);
    return { faults, comparison: comparison.result };
  } finally {
    again.close();
  }
}

const NONE_OF_OURS = 'holds a line that is none of ours';

function settingsOf(pack: PackStretches, faults: PackFault[]): SettingsFor {
  return readSettings(lines(pack.settings), () => faults.push({ file: PACK_FILES.settings, text: NONE_OF_OURS }));
}

/** What is no record is told by who proves the records. */
function readAll(records: Stretch, reader: FactReader): void {
  for (const line of lines(records)) {
    const record: StoredRecord | undefined = parseRawLine(line);
    if (record === undefined) break;
    reader.take(record);
  }
  reader.finish();
}
