import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { LEDGER_FILE, readLedger, type LedgerContent } from './ledger';
import { listSegments } from './segment-file';
import { compareSegmentNames, isSegmentName, nameOfFile, segmentFile } from './segment-name';
import { isSeal, isSignedBy, NO_PREVIOUS_SEAL, type SealStatement, type SignedStatement } from './statement';
import { FaultList, type VerifyProgress, type VerifyReport } from './verify-report';
import { verifySegment, type SegmentFinding } from './verify-segment';

/** Progress is told each time this many records of a segment are checked. */
const PROGRESS_RECORDS = 4096;

type Seal = SignedStatement<SealStatement>;

/** The ledger as far as it can be trusted in form. */
interface LedgerView {
  readonly seals: readonly Seal[];
  /** Retired segments by name, with the hash of the seal they had. */
  readonly retired: ReadonlyMap<string, string>;
}

/**
 * Reads the whole journal again and proves it: every record against its hash, hashes against the sealed root, seals
 * against signatures, chain and ledger, the open segment against its head. Each fault is named. Never throws for what
 * is in the directory. May run while the journal is being written.
 *
 * What it cannot see, having no outside witness: the newest records cut off together with every later seal and line,
 * and anything signed anew by whoever holds the signing key.
 */
export function verifyJournal(
  directory: string,
  publicKey: KeyObject,
  onProgress: (progress: VerifyProgress) => void = () => {},
): VerifyReport {
  const faults = new FaultList();
  const ledgerPath = join(directory, LEDGER_FILE);
  // The ledger is read before and after: the journal may seal and retire segments meanwhile.
  const sealedBefore = sealedNames(ledgerPath);
  const files = databaseFiles(directory);
  const findings: SegmentFinding[] = [];
  let records = 0;
  for (const [index, name] of files.entries()) {
    // Retired meanwhile, or the ledger will say that it is missing.
    if (!existsSync(join(directory, segmentFile(name)))) continue;
    const progress = { segment: name, number: index + 1, segments: files.length };
    const finding = verifySegment(join(directory, segmentFile(name)), name, publicKey, faults, (count) => {
      if (count % PROGRESS_RECORDS === 0) onProgress({ ...progress, records: records + count });
    });
    records += finding.records;
    findings.push(finding);
    onProgress({ ...progress, records });
  }
  const ledger = checkLedger(ledgerPath, publicKey, faults);
  checkChain(ledger, faults);
  checkFiles(ledger, sealedBefore, findings, faults);
  return summarize(faults, findings, ledger, records);
}

/** Everything that may be a segment, segments in order first; renamed ones may bear any name. */
function databaseFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const segments = listSegments(directory);
  const others = readdirSync(directory).flatMap((file) =>
    file.endsWith('.db') && nameOfFile(file) === undefined ? file.slice(0, -3) : [],
  );
  return [...segments, ...others];
}

function sealedNames(path: string): ReadonlySet<string> {
  try {
    return new Set(
      readLedger(path).lines.flatMap(({ signed }) => (signed && isSeal(signed) ? signed.statement.name : [])),
    );
  } catch {
    return new Set();
  }
}

function checkLedger(path: string, publicKey: KeyObject, faults: FaultList): LedgerView {
  const seals: Seal[] = [];
  const retired = new Map<string, string>();
  for (const { number, signed } of readLines(path, faults)) {
    if (signed === undefined) {
      faults.add({ code: 'ledger_malformed', text: `ledger line ${number} is no statement of ours` });
      continue;
    }
    const { name } = signed.statement;
    if (!isSignedBy(signed, publicKey)) {
      const text = `ledger line ${number} does not bear a valid signature of this key`;
      faults.add({ code: 'signature_invalid', segment: name, text });
    } else if (!isSeal(signed)) {
      if (signed.statement.type === 'retirement') retired.set(name, signed.statement.seal);
      continue;
    }
    if (!isSeal(signed)) continue;
    if (seals.some((seal) => seal.statement.name === name)) {
      faults.add({ code: 'ledger_line_duplicate', segment: name, text: `ledger line ${number} seals it again` });
    } else {
      seals.push(signed);
    }
  }
  return { seals, retired };
}

function readLines(path: string, faults: FaultList): LedgerContent['lines'] {
  try {
    const { lines, tornBytes } = readLedger(path);
    if (tornBytes > 0) {
      faults.note(`the ledger ends with ${tornBytes} bytes of an unfinished line: a crash; the next start mends it`);
    }
    return lines;
  } catch (error) {
    const what = String(error);
    faults.add({ code: 'ledger_unreadable', text: `the ledger cannot be read: ${what}` });
    return [];
  }
}

/** The seals in the ledger must name each other in turn and follow on without a gap, retired segments included. */
function checkChain({ seals }: LedgerView, faults: FaultList): void {
  let previous: Seal | undefined;
  for (const seal of seals) {
    const { name, first_seq } = seal.statement;
    const expected = previous === undefined ? NO_PREVIOUS_SEAL : previous.hash;
    const expectedSeq = previous === undefined ? 1 : previous.statement.last_seq + 1;
    const before = previous === undefined ? 'the beginning' : previous.statement.name;
    if (seal.statement.previous !== expected) {
      faults.add({ code: 'chain_broken', segment: name, text: `its seal does not follow on ${before}` });
    } else if (first_seq !== expectedSeq) {
      const text = `begins at ${first_seq}, but ${expectedSeq} comes after ${before}`;
      faults.add({ code: 'chain_broken', segment: name, seq: expectedSeq, text });
    }
    previous = seal;
  }
}

function checkFiles(
  ledger: LedgerView,
  sealedBefore: ReadonlySet<string>,
  findings: readonly SegmentFinding[],
  faults: FaultList,
): void {
  const sealsByName = new Map(ledger.seals.map((seal) => [seal.statement.name, seal]));
  const newest = findings.map(nameInside).filter(isSegmentName).sort(compareSegmentNames).at(-1);
  for (const finding of findings) {
    const inside = nameInside(finding);
    if (inside !== finding.name) {
      const text = `the file ${segmentFile(finding.name)} holds the segment ${inside}: it was renamed`;
      faults.add({ code: 'segment_renamed', segment: inside, text });
    }
    const line = sealsByName.get(inside);
    if (line === undefined) checkUnledgered(finding, inside === newest, ledger, faults);
    else if (finding.sealLine !== undefined || sealedBefore.has(inside)) checkLedgered(finding, line, faults);
    if (ledger.retired.has(inside)) faults.note(`${inside} is retired but was still there; the next start removes it`);
  }
  const accounted = new Set(findings.map(nameInside));
  for (const seal of ledger.seals) {
    const { name, first_seq, last_seq } = seal.statement;
    if (accounted.has(name) || !sealedBefore.has(name) || ledger.retired.get(name) === seal.hash) continue;
    const text = `the file is gone (records ${first_seq} to ${last_seq}) and no retirement says so`;
    faults.add({ code: 'segment_missing', segment: name, seq: first_seq, lastSeq: last_seq, text });
  }
}

function nameInside(finding: SegmentFinding): string {
  return finding.meta?.name ?? finding.name;
}

function checkLedgered(finding: SegmentFinding, line: Seal, faults: FaultList): void {
  if (finding.meta === undefined) return;
  const segment = finding.name;
  if (finding.sealLine === undefined) {
    faults.add({ code: 'seal_missing', segment, text: 'the ledger says it was sealed, the file holds no seal' });
  } else if (finding.sealLine !== line.line) {
    faults.add({ code: 'ledger_mismatch', segment, text: 'its seal is not the one in the ledger' });
  }
}

/** A segment without a ledger line: the open one, or one that a crash left between seal and line, else a fault. */
function checkUnledgered(finding: SegmentFinding, isNewest: boolean, ledger: LedgerView, faults: FaultList): void {
  const { meta, name: segment } = finding;
  if (meta === undefined) return;
  const isSealed = finding.sealLine !== undefined;
  const last = ledger.seals.at(-1);
  const follows =
    meta.previous_seal === (last?.hash ?? NO_PREVIOUS_SEAL) &&
    meta.first_seq === (last === undefined ? 1 : last.statement.last_seq + 1);
  if (!isNewest && !isSealed) {
    faults.add({ code: 'segment_unknown', segment, text: 'is not sealed, but newer segments exist' });
  } else if (isNewest && !follows) {
    const text = `does not follow on ${last?.statement.name ?? 'the beginning'}, the last seal in the ledger`;
    faults.add({ code: 'chain_broken', segment, seq: meta.first_seq, text });
  }
  if (isNewest && isSealed && follows) {
    faults.note(`${segment} is sealed, its ledger line is not written yet: a crash; the next start mends it`);
  } else if (isSealed) {
    faults.add({ code: 'ledger_line_missing', segment, text: 'is sealed, but the ledger does not know it' });
  }
}

function summarize(
  faults: FaultList,
  findings: readonly SegmentFinding[],
  ledger: LedgerView,
  records: number,
): VerifyReport {
  return {
    ok: faults.faults.length === 0,
    faults: faults.faults,
    unlistedFaults: faults.unlisted,
    notes: faults.notes,
    segments: findings.length,
    retired: ledger.retired.size,
    records,
    bytes: findings.reduce((sum, finding) => sum + finding.bytes, 0),
    firstSeq: findings[0]?.firstSeq ?? 0,
    lastSeq: findings.at(-1)?.lastSeq ?? 0,
  };
}
