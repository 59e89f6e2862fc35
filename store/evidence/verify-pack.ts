import type { KeyObject } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { fingerprintOf } from '../journal/signing-keys';
import type { PackFault, PackReport } from './contract';
import { PACK_FILES, README, UNLISTED } from './pack-layout';
import type { DerivedAgain, FactsAgain, PackStretches } from './read-again';
import { type Archive, type ArchiveEntry, readArchive, textOf } from './read-archive';
import { lines, type Stretch } from './spool';
import { allowedSigners, sshSigner } from './sshsig';
import { RawCheck } from './verify-raw';

/** Text files are read whole up to this length; a manifest of ours is far shorter. */
const MOST_TEXT = 1 << 20;
const MOST_FAULTS = 100;

/**
 * Checks a pack from its first to its last byte: archive, manifests, signatures, then seals, proofs and facts. Each fault names the
 * file. Then derives sessions, verdicts and findings again and compares: what differs is told, and is no fault of the pack's
 * bytes. Without `again`, only the first part is done. Never fails for what is in the file. `pinned` is the fingerprint the key must have, where it is known.
 */
export async function verifyPack(path: string, again: ReadAgain | undefined, pinned?: string): Promise<PackReport> {
  const handle = openSync(path, 'r');
  try {
    return await new PackCheck(again, pinned).run(handle, fstatSync(handle).size);
  } finally {
    closeSync(handle);
  }
}

/** Reads the records of a pack again, where there is time and room for it. */
export interface ReadAgain {
  facts(pack: PackStretches): Promise<FactsAgain>;
  derived(pack: PackStretches): Promise<DerivedAgain>;
}

type Inside = Pick<PackReport, 'records' | 'proved' | 'facts' | 'comparison'>;

const NOT_AGAIN = { facts: undefined, comparison: undefined };

class PackCheck {
  readonly #again: ReadAgain | undefined;
  readonly #pinned: string | undefined;
  readonly #faults: PackFault[] = [];
  readonly #notes: string[] = [];
  #archive: Archive = { entries: new Map(), sha256: '' };

  constructor(again: ReadAgain | undefined, pinned: string | undefined) {
    this.#again = again;
    this.#pinned = pinned;
  }

  async run(handle: number, size: number): Promise<PackReport> {
    this.#archive = readArchive(handle, size, this.#faults);
    const key = this.#faults.length === 0 ? this.#checkOutside() : undefined;
    let found: Inside = { records: 0, proved: 0, ...NOT_AGAIN };
    if (key !== undefined && this.#faults.length === 0) {
      try {
        found = await this.#checkInside(key);
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

  /** What is read and derived again may be looked at by other threads meanwhile. */
  async #checkInside(key: KeyObject): Promise<Inside> {
    const { records, settings, facts, context, sessions, findings } = PACK_FILES;
    const [at, again] = [this.#stretch.bind(this), this.#again];
    const pack = {
      records: at(records),
      settings: at(settings),
      facts: at(facts),
      context: at(context),
      sessions: at(sessions),
      findings: at(findings),
    };
    const started = again && ([again.facts(pack), again.derived(pack)] as const);
    const stretches = { records: at(records), seals: at(PACK_FILES.seals), proofs: at(PACK_FILES.proofs) };
    const raw = settled(() => new RawCheck(stretches, key, (file, text) => this.#fault(file, text)).run());
    const [read, derived] = started === undefined ? [] : await Promise.allSettled(started);
    for (const result of [raw, read, derived]) if (result?.status === 'rejected') throw result.reason;
    const proved = raw.status === 'fulfilled' ? raw.value : { records: 0, proved: 0 };
    if (read?.status !== 'fulfilled' || derived?.status !== 'fulfilled') return { ...proved, ...NOT_AGAIN };
    for (const { file, text } of [...read.value.faults, ...derived.value.faults]) this.#fault(file, text);
    const comparison = this.#faults.length === 0 ? derived.value.comparison : undefined;
    return { ...proved, facts: read.value.facts, comparison };
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

  #stretch(name: string): Stretch {
    const { handle, offset, size } = this.#entry(name);
    return { handle, offset, size };
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

function settled<T>(run: () => T): PromiseSettledResult<T> {
  try {
    return { status: 'fulfilled', value: run() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
