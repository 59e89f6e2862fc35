import type { KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { DeviceSettings } from '../../normalizer/settings';
import { fingerprintOf } from '../journal/signing-keys';
import { DerivedComparison } from './compare-derived';
import { readContext } from './context';
import type { Comparison, CreateRederivation, PackFault, PackReport, Rederivation } from './contract';
import { PACK_FILES, README, UNLISTED } from './pack-layout';
import { objectOf } from './raw-line';
import { type Archive, type ArchiveEntry, readArchive, textOf } from './read-archive';
import { lines } from './spool';
import { allowedSigners, sshSigner } from './sshsig';
import { RawCheck } from './verify-raw';

/** Text files are read whole up to this length; a manifest of ours is far shorter. */
const MOST_TEXT = 1 << 20;
const MOST_FAULTS = 100;
const NO_SETTINGS: DeviceSettings = {};

/**
 * Checks a pack from its first to its last byte: archive, manifests, signatures, then seals, proofs and facts. Each fault names the
 * file. Then derives sessions, verdicts and findings again and compares: what differs is told, and is no fault of the pack's
 * bytes. Never throws for what is in the file. `pinned` is the fingerprint the key must have, where it is known.
 */
export function verifyPack(path: string, createRederivation: CreateRederivation, pinned?: string): PackReport {
  const handle = openSync(path, 'r');
  try {
    return new PackCheck(createRederivation, pinned).run(handle, fstatSync(handle).size);
  } finally {
    closeSync(handle);
  }
}

interface Inside {
  readonly records: number;
  readonly proved: number;
  readonly facts: number;
  readonly comparison: Comparison | undefined;
}

class PackCheck {
  readonly #createRederivation: CreateRederivation;
  readonly #pinned: string | undefined;
  readonly #faults: PackFault[] = [];
  readonly #notes: string[] = [];
  #archive: Archive = { entries: new Map(), sha256: '' };

  constructor(createRederivation: CreateRederivation, pinned: string | undefined) {
    this.#createRederivation = createRederivation;
    this.#pinned = pinned;
  }

  run(handle: number, size: number): PackReport {
    this.#archive = readArchive(handle, size, this.#faults);
    const key = this.#faults.length === 0 ? this.#checkOutside() : undefined;
    let found: Inside = { records: 0, proved: 0, facts: 0, comparison: undefined };
    if (key !== undefined && this.#faults.length === 0) {
      try {
        found = this.#checkInside(key);
      } catch (error) {
        this.#fault('', `cannot be read: ${String(error).slice(0, 300)}`);
      }
    }
    if (this.#faults.length === 0) this.#tellOpen(found.records - found.proved);
    return {
      faults: this.#faults,
      notes: this.#notes,
      key: key === undefined ? undefined : fingerprintOf(key),
      sha256: this.#archive.sha256,
      ...found,
    };
  }

  /** Signatures and hashes; gives the key whose signatures hold. */
  #checkOutside(): KeyObject | undefined {
    for (const name of Object.values(PACK_FILES)) if (!this.#archive.entries.has(name)) this.#fault(name, 'is missing');
    if (this.#faults.length > 0) return undefined;
    const key = this.#signed(PACK_FILES.tagManifest, PACK_FILES.tagManifestSignature);
    if (key === undefined) return undefined;
    const tags = this.#compare(PACK_FILES.tagManifest);
    const same = this.#signed(PACK_FILES.manifest, PACK_FILES.manifestSignature);
    if (same !== undefined && !same.equals(key)) this.#fault(PACK_FILES.manifestSignature, 'is of another key');
    // A manifest that was changed says nothing of the payload.
    const listed = same === undefined ? undefined : this.#compare(PACK_FILES.manifest);
    if (this.#text(PACK_FILES.signers) !== allowedSigners(key))
      this.#fault(PACK_FILES.signers, 'does not name the key');
    if (this.#text(PACK_FILES.readme) !== README) this.#notes.push('the README is of another version of ascribe');
    if (listed !== undefined) this.#checkUnlisted(new Set([...tags, ...listed, ...UNLISTED]));
    if (this.#pinned !== undefined && this.#pinned !== fingerprintOf(key)) {
      this.#fault(PACK_FILES.tagManifestSignature, `is of the key ${fingerprintOf(key)}, not of ${this.#pinned}`);
    }
    return key;
  }

  #checkUnlisted(listed: ReadonlySet<string>): void {
    for (const name of this.#archive.entries.keys()) if (!listed.has(name)) this.#fault(name, 'is in no manifest');
  }

  #signed(name: string, signature: string): KeyObject | undefined {
    const key = sshSigner(this.#text(signature), Buffer.from(this.#text(name)));
    if (key === undefined) this.#fault(name, `was changed, or its signature ${signature} was`);
    return key;
  }

  /** Compares what a manifest lists with what is there; gives the listed names. */
  #compare(manifest: string): string[] {
    const names: string[] = [];
    for (const line of this.#text(manifest).split('\n').slice(0, -1)) {
      const [, sha256, name = ''] = /^([0-9a-f]{64}) {2}([\w./-]{1,200})$/u.exec(line) ?? [];
      const entry = this.#archive.entries.get(name);
      names.push(name);
      if (entry === undefined)
        this.#fault(manifest, `lists ${name === '' ? 'what cannot be read' : `${name}, which is not there`}`);
      else if (entry.sha256 !== sha256) this.#fault(name, `is not what ${manifest} lists: it was changed`);
    }
    return names;
  }

  #checkInside(key: KeyObject): Inside {
    const settings = this.#settings();
    let onFact: (line: string) => void = () => {};
    const again = this.#createRederivation(
      (address) => settings.get(address) ?? NO_SETTINGS,
      (line) => onFact(line),
    );
    try {
      const read = this.#readAgain(key, again, (take) => (onFact = take));
      return { ...read, comparison: this.#faults.length === 0 ? this.#compareDerived(again) : undefined };
    } finally {
      again.close();
    }
  }

  #readAgain(
    key: KeyObject,
    reader: Rederivation,
    onFact: (take: (line: string) => void) => void,
  ): { records: number; proved: number; facts: number } {
    const stored = lines(this.#entry(PACK_FILES.facts));
    let facts = 0;
    let differs = false;
    onFact((line) => {
      facts += 1;
      if (differs || stored.next().value === line) return;
      differs = true;
      this.#fault(PACK_FILES.facts, `line ${facts} is not what is read in the raw records by this version of ascribe`);
    });
    const check = new RawCheck(
      {
        records: this.#entry(PACK_FILES.records),
        seals: this.#entry(PACK_FILES.seals),
        proofs: this.#entry(PACK_FILES.proofs),
      },
      key,
      (file, text) => this.#fault(file, text),
      (record) => reader.take(record),
    );
    const raw = check.run();
    reader.finish();
    if (!differs && stored.next().done !== true) {
      this.#fault(PACK_FILES.facts, 'holds more facts than are read in the raw records');
    }
    return { ...raw, facts };
  }

  #compareDerived(again: Rederivation): Comparison {
    const context = readContext(lines(this.#entry(PACK_FILES.context)), (text) =>
      this.#fault(PACK_FILES.context, text),
    );
    const comparison = new DerivedComparison(again.analyse(context));
    for (const [name, take] of [
      [PACK_FILES.sessions, (line: string) => comparison.session(line)],
      [PACK_FILES.findings, (line: string) => comparison.finding(line)],
    ] as const) {
      for (const line of lines(this.#entry(name)))
        if (!take(line)) this.#fault(name, 'holds a line that is none of ours');
    }
    return comparison.result;
  }

  #settings(): ReadonlyMap<string, DeviceSettings> {
    const settings = new Map<string, DeviceSettings>();
    for (const line of lines(this.#entry(PACK_FILES.settings))) {
      const { address, settings: told } = objectOf(line) ?? {};
      if (typeof address === 'string' && typeof told === 'object' && told !== null) settings.set(address, told);
      else this.#fault(PACK_FILES.settings, 'holds a line that is none of ours');
    }
    return settings;
  }

  #tellOpen(open: number): void {
    if (open > 0) {
      this.#notes.push(
        `${open} records were not sealed when the pack was made: the pack's signature is their only proof`,
      );
    }
    const absent = [...lines(this.#entry(PACK_FILES.loss))].filter((line) =>
      line.startsWith('{"loss":"absent"'),
    ).length;
    if (absent > 0)
      this.#notes.push(`records that derived rows point to were no longer in the journal: see ${PACK_FILES.loss}`);
  }

  #entry(name: string): ArchiveEntry {
    return this.#archive.entries.get(name) ?? { handle: -1, offset: 0, size: 0, sha256: '' };
  }

  #text(name: string): string {
    const entry = this.#entry(name);
    if (entry.size <= MOST_TEXT) return textOf(entry);
    this.#fault(name, 'is longer than any that ascribe writes');
    return '';
  }

  #fault(file: string, text: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ file, text });
  }
}
