import { gzipSync } from 'node:zlib';

/** One file of the stand-in. */
interface VolumeFile {
  inode: number;
  chunks: Buffer[];
  size: number;
  modifiedAt: number;
}

/** How a host rotates its logs. */
export type RotationStyle =
  /** `hostd.log` becomes `hostd.0`, a new file is made, `hostd.0` is compressed. */
  | 'rename'
  /** The content is copied into `hostd.0.gz`, the file is emptied and goes on. */
  | 'copy_truncate';

/** The files of a host, in memory: rotation in both styles, at the moments a test chooses. */
export class LogVolume {
  readonly #files = new Map<string, VolumeFile>();
  readonly #now: () => number;
  #inodes = 1000;

  /** `now` is the host's clock, epoch ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Paths that exist, sorted. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  append(path: string, bytes: string | Buffer): void {
    const file = this.#files.get(path) ?? this.#create(path);
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    file.chunks.push(chunk);
    file.size += chunk.length;
    file.modifiedAt = this.#now();
  }

  /** Content; undefined when there is no such file. */
  read(path: string): Buffer | undefined {
    const file = this.#files.get(path);
    if (file === undefined) return undefined;
    if (file.chunks.length > 1) file.chunks = [Buffer.concat(file.chunks)];
    return file.chunks[0] ?? Buffer.alloc(0);
  }

  /** As `stat -L -c '%d %i %s %Y %n'` prints it. */
  stat(path: string): string | undefined {
    const file = this.#files.get(path);
    return file && `64768 ${file.inode} ${file.size} ${Math.floor(file.modifiedAt / 1000)} ${path}`;
  }

  write(path: string, bytes: Buffer): void {
    this.#files.delete(path);
    this.append(path, bytes);
  }

  /** Empties a file without keeping anything, as `> shell.log` does. */
  truncate(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    file.chunks = [];
    file.size = 0;
    file.modifiedAt = this.#now();
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) return;
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  /** Gives a file the inode of another, as file systems do with those that were freed. */
  reuseInode(path: string, inode: number): void {
    const file = this.#files.get(path);
    if (file !== undefined) file.inode = inode;
  }

  inode(path: string): number {
    return this.#files.get(path)?.inode ?? 0;
  }

  /**
   * Rotates `<stem>.log`: at most `keep` rotated files stay. `compress` false leaves the newest one as it is, as hosts do
   * for a moment.
   */
  rotate(path: string, style: RotationStyle, keep = 8, compress = true): void {
    const stem = path.replace(/\.log$/u, '');
    for (let number = keep - 1; number >= 0; number -= 1) {
      for (const suffix of ['.gz', '']) {
        const name = `${stem}.${number}${suffix}`;
        if (!this.#files.has(name)) continue;
        if (number === keep - 1) this.#files.delete(name);
        else this.rename(name, `${stem}.${number + 1}${suffix}`);
      }
    }
    const content = this.read(path) ?? Buffer.alloc(0);
    if (style === 'rename') {
      this.rename(path, `${stem}.0`);
      this.append(path, '');
    } else {
      this.write(`${stem}.0`, Buffer.from(content));
      this.truncate(path);
    }
    if (compress) this.compress(`${stem}.0`);
  }

  /** Replaces a rotated file by its compressed form. */
  compress(path: string): void {
    const content = this.read(path);
    if (content === undefined) return;
    this.#files.delete(path);
    this.append(`${path}.gz`, gzipSync(content, { level: 1 }));
  }

  #create(path: string): VolumeFile {
    this.#inodes += 1;
    const file = { inode: this.#inodes, chunks: [], size: 0, modifiedAt: this.#now() };
    this.#files.set(path, file);
    return file;
  }
}
