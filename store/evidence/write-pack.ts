import { createHash, hash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database as Connection } from 'better-sqlite3';
import { JournalReader } from '../journal/journal-reader';
import type { SigningKeys } from '../journal/signing-keys';
import type { Consulted, PackSummary, Selection } from './contract';
import { writeContext } from './context';
import { EvidenceError } from './errors';
import type { MadeFacts } from './make-facts';
import { BAGIT, PACK_FILES, PACK_FORMAT, README } from './pack-layout';
import type { Scope } from './scope';
import { pieces, SpoolFile } from './spool';
import { allowedSigners, sshSign } from './sshsig';
import { settingsLine, type ToldSettings } from './told-settings';
import { paddingOf, tarHeader, TRAILER_BYTES } from './ustar';
import { writeFindings, writeLoss, writeSessions } from './write-derived';
import { type RawResult, RawWriter } from './write-raw';

export interface PackOptions {
  readonly db: Connection;
  /** `<data>/journal`. */
  readonly journal: string;
  readonly keys: SigningKeys;
  readonly selection: Selection;
  /** What `select` made of the selection. */
  readonly scope: Scope;
  /** Path of the archive to write. */
  readonly file: string;
  /** A private directory beside it, for what the pack is made of; its `facts.ndjson` is written by others. */
  readonly spool: string;
  readonly version: string;
  /** SHA-256 of the configuration in force, hex; undefined when the defaults hold. */
  readonly configuration: string | undefined;
  readonly settings: ToldSettings;
  /** How derived rows were made, for `PackContext`; no secrets. */
  readonly rules: Readonly<Record<string, unknown>>;
  /** What `select` was given. */
  readonly consulted: Consulted;
  readonly onRecord?: (records: number) => void;
}

interface Spooled {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Path of the facts of a pack until it is put together. */
export function factsFile(spool: string): string {
  return join(spool, PACK_FILES.facts.replaceAll('/', '_'));
}

/**
 * Writes a pack: the files first, each hashed on the way, then the archive of them. The same journal and selection give the
 * same bytes. Throws `EvidenceError` and what writing files throws; what is in `spool` then is for the caller to remove.
 */
export class PackWriter {
  readonly #options: PackOptions;
  readonly #files: Spooled[] = [];
  #raw: RawResult = { records: 0, proved: 0, absent: [] };

  constructor(options: PackOptions) {
    this.#options = options;
  }

  /** Writes all that is read in databases, which are not needed any more then. */
  collect(): void {
    const { db, scope, rules, consulted } = this.#options;
    const raw = this.#writeRaw();
    this.#raw = raw;
    this.#fill(PACK_FILES.sessions, (file) => writeSessions(db, scope, file));
    this.#fill(PACK_FILES.findings, (file) => writeFindings(db, scope, file));
    this.#fill(PACK_FILES.loss, (file) => writeLoss(db, scope, raw, file));
    this.#fill(PACK_FILES.context, (file) => writeContext(db, scope, rules, consulted.unnamed, file));
  }

  /** Adds the facts, which are in their file, and puts the pack together. To be called after `collect`. */
  finish({ records, facts, size, sha256: ofFacts, told }: MadeFacts): PackSummary {
    const { scope, keys, selection, spool, file, settings } = this.#options;
    const raw = this.#raw;
    if (records !== raw.records) {
      throw new EvidenceError('evidence_journal', 'records were removed from the journal meanwhile; try again');
    }
    this.#files.push({ name: PACK_FILES.facts, path: factsFile(spool), size, sha256: ofFacts });
    settings.add(told);
    this.#fill(PACK_FILES.settings, (of) => {
      for (const [address, ofSender] of settings.entries()) of.line(settingsLine(address, ofSender));
    });
    this.#put(PACK_FILES.pack, `${JSON.stringify(this.#describe(raw, facts), undefined, 2)}\n`);
    const manifest = this.#writeTags();
    const root = `ascribe-evidence-${selection.kind}-${hash('sha256', manifest, 'hex').slice(0, 16)}`;
    const archive = join(spool, 'pack.tar');
    const { sha256, bytes } = writeArchive(archive, root, this.#files);
    renameSync(archive, file);
    const { sessions, findings } = scope.counts;
    const { proved } = raw;
    const absent = absentCount(raw);
    return { file, sha256, bytes, key: keys.fingerprint, records, proved, sessions, findings, facts, absent };
  }

  #writeRaw(): RawResult {
    const { journal: directory, scope, onRecord = () => {} } = this.#options;
    const names = [PACK_FILES.records, PACK_FILES.seals, PACK_FILES.proofs] as const;
    const files = names.map((name) => this.#open(name)) as [SpoolFile, SpoolFile, SpoolFile];
    const [records, seals, proofs] = files;
    const journal = new JournalReader(directory);
    try {
      return new RawWriter(journal, directory, scope, { records, seals, proofs }, onRecord).write();
    } finally {
      journal.close();
      for (const file of files) this.#keep(file);
    }
  }

  #describe({ records, proved, absent }: RawResult, facts: number): Record<string, unknown> {
    const { scope, selection, version, configuration, keys } = this.#options;
    const { sessions, findings } = scope.counts;
    return {
      format: PACK_FORMAT,
      selection,
      tool: { name: 'ascribe', version },
      configuration_sha256: configuration ?? null,
      signing_key: keys.fingerprint,
      raw: {
        records,
        in_sealed_segments: proved,
        not_sealed_yet: records - proved,
        first_seq: scope.range()?.first ?? null,
        last_seq: scope.range()?.last ?? null,
        no_longer_in_the_journal: absent.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      },
      derived: { sessions, findings, facts },
      completeness:
        'records that were received in the same range and that nothing here points to are not in the pack unless a stretch of time was asked for; data/loss.ndjson states what is known to be missing',
    };
  }

  /** The files around the payload; gives the manifest. */
  #writeTags(): string {
    const { keys, version } = this.#options;
    const payload = [...this.#files].sort(byName);
    const octets = payload.reduce((sum, { size }) => sum + size, 0);
    this.#put(PACK_FILES.bag, BAGIT);
    this.#put(
      PACK_FILES.info,
      `Bag-Software-Agent: ascribe ${version}\nBag-Group-Identifier: ${PACK_FORMAT}\nPayload-Oxum: ${octets}.${payload.length}\n`,
    );
    this.#put(PACK_FILES.readme, README);
    this.#put(PACK_FILES.signers, allowedSigners(keys.publicKey));
    const manifest = manifestOf(payload);
    this.#put(PACK_FILES.manifest, manifest);
    const tags = manifestOf(this.#files.filter(({ name }) => !name.startsWith('data/')).sort(byName));
    this.#put(PACK_FILES.tagManifest, tags);
    this.#put(PACK_FILES.manifestSignature, sshSign(Buffer.from(manifest), keys));
    this.#put(PACK_FILES.tagManifestSignature, sshSign(Buffer.from(tags), keys));
    this.#files.sort(byName);
    return manifest;
  }

  #put(name: string, text: string): void {
    this.#fill(name, (file) => file.text(text));
  }

  #fill(name: string, fill: (file: SpoolFile) => void): void {
    const file = this.#open(name);
    try {
      fill(file);
    } finally {
      this.#keep(file);
    }
  }

  #open(name: string): SpoolFile {
    return new SpoolFile(name, join(this.#options.spool, name.replaceAll('/', '_')));
  }

  #keep(file: SpoolFile): void {
    const sha256 = file.close();
    this.#files.push({ name: file.name, path: file.path, size: file.size, sha256 });
  }
}

function absentCount({ absent }: RawResult): number {
  return absent.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function byName(a: Spooled, b: Spooled): number {
  return a.name < b.name ? -1 : 1;
}

function manifestOf(files: readonly Spooled[]): string {
  return files.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('');
}

function writeArchive(path: string, root: string, files: readonly Spooled[]): { sha256: string; bytes: number } {
  const handle = openSync(path, 'wx', 0o440);
  const digest: Hash = createHash('sha256');
  const write = (bytes: Uint8Array): void => {
    digest.update(bytes);
    for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
  };
  try {
    for (const { name, path: source, size } of files) {
      write(tarHeader(`${root}/${name}`, size));
      const from = openSync(source, 'r');
      try {
        for (const piece of pieces({ handle: from, offset: 0, size })) write(piece);
      } finally {
        closeSync(from);
      }
      write(Buffer.alloc(paddingOf(size)));
    }
    write(Buffer.alloc(TRAILER_BYTES));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return { sha256: digest.digest('hex'), bytes: statSync(path).size };
}
