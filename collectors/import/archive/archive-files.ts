import type { ByteChunks, ByteDamage } from '../byte-chunks';
import { IMPORT_LIMITS, type ImportTruncated, type SkipReason } from '../import-model';
import type { TarEntry, TarReader } from './tar';

/** A file of an archive, its pieces joined. */
export interface ArchiveFile {
  /** Path within the archive, without a leading slash; never leads out of it. */
  readonly path: string;
  readonly modifiedAt: number;
  readonly content: ByteChunks;
}

/** `vmkernel.log.FRAG-00000`: vm-support cuts large files; `reconstruct.sh` in the bundle joins them again by number. */
const FRAGMENT = /^(.{1,4096})\.FRAG-(\d{5})$/u;

/**
 * The files of an archive in its order, within limits. Nothing is ever written to disk; a name that leads out of
 * the archive is passed over all the same, because it is no name that a host gave.
 */
export class ArchiveFiles {
  readonly #tar: TarReader;
  readonly #skip: (reason: SkipReason) => void;
  #entries = 0;
  #bytes = 0;
  #waiting: TarEntry | undefined;
  #ended: ImportTruncated | undefined;
  #hasEnded = false;

  constructor(tar: TarReader, skip: (reason: SkipReason) => void) {
    this.#tar = tar;
    this.#skip = skip;
  }

  /** Why the archive ended early, if it did; known at its end. */
  get truncated(): ImportTruncated | undefined {
    return this.#ended;
  }

  /** The next file; undefined at the end. */
  async next(): Promise<ArchiveFile | undefined> {
    for (;;) {
      const entry = this.#waiting ?? (await this.#entry());
      this.#waiting = undefined;
      if (entry === undefined) return undefined;
      const path = safePath(entry.name);
      if (path === undefined) this.#skip('unsafe_name');
      else if (entry.kind === 'link') this.#skip('link');
      else if (entry.kind === 'file') return this.#file(path, entry);
    }
  }

  #file(path: string, { modifiedAt }: TarEntry): ArchiveFile {
    const fragment = FRAGMENT.exec(path);
    const content = this.#tar.content();
    if (fragment === null) return { path, modifiedAt, content };
    return { path: fragment[1]!, modifiedAt, content: this.#joined(content, fragment[1]!, Number(fragment[2])) };
  }

  /** Goes on with the next entry while that is the next fragment. */
  #joined(first: ByteChunks, path: string, number: number): ByteChunks {
    let content = first;
    let at = number;
    const next = async (): Promise<Uint8Array | undefined> => {
      for (;;) {
        const piece = await content.next();
        if (piece !== undefined || content.damage !== undefined || this.#waiting !== undefined) return piece;
        const entry = await this.#entry();
        if (entry === undefined) return undefined;
        const wanted = `${path}.FRAG-${String(at + 1).padStart(5, '0')}`;
        if (safePath(entry.name) !== wanted || entry.kind !== 'file') {
          this.#waiting = entry;
          return undefined;
        }
        at += 1;
        content = this.#tar.content();
      }
    };
    return {
      next,
      get damage(): ByteDamage | undefined {
        return content.damage;
      },
      close: () => Promise.resolve(),
    };
  }

  async #entry(): Promise<TarEntry | undefined> {
    if (this.#hasEnded) return undefined;
    const entry = await this.#tar.next();
    if (entry === undefined || 'reason' in entry) return this.#end(entry);
    this.#entries += 1;
    this.#bytes += entry.size;
    const { archiveEntries, archiveBytes } = IMPORT_LIMITS;
    if (this.#entries > archiveEntries || this.#bytes > archiveBytes) {
      const detail =
        this.#entries > archiveEntries ? `more than ${archiveEntries} entries` : 'more content than is taken';
      return this.#end({ offset: entry.offset, reason: 'too_large', detail });
    }
    return entry;
  }

  #end(why: ImportTruncated | undefined): undefined {
    this.#hasEnded = true;
    this.#ended = why;
    return undefined;
  }
}

/** A path that stays in the archive, `./` and doubled slashes taken away; undefined for one that does not. */
function safePath(name: string): string | undefined {
  if (name === '' || name.length > 4096 || /[\u0000-\u001f\u007f\\]/u.test(name)) return undefined;
  if (name.startsWith('/')) return undefined;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}
