/** One line of `stat -L -c '%d %i %s %Y %n'`. */
export interface FileStat {
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Bytes. */
  readonly size: number;
  /** Last change by the device's clock, epoch seconds. */
  readonly modifiedAt: number;
}

/** Files by path. Lines that are none are passed over. */
export function parseStats(output: Buffer): ReadonlyMap<string, FileStat> {
  const found = new Map<string, FileStat>();
  for (const line of output.toString('utf8').split('\n')) {
    const [, device, inode, size, modified, path] =
      /^(\d{1,20}) (\d{1,20}) (\d{1,15}) (-?\d{1,12}) (\/.{1,1024})$/u.exec(line) ?? [];
    if (device === undefined || inode === undefined || path === undefined) continue;
    found.set(path, { path, device, inode, size: Number(size), modifiedAt: Number(modified) });
  }
  return found;
}

/** The line that `stat` prints of a file. */
export function statLine({ device, inode, size, modifiedAt, path }: FileStat): string {
  return `${device} ${inode} ${size} ${modifiedAt} ${path}\n`;
}

/** Whether nothing was written, replaced or cut between two looks. */
export function isUnchanged(before: FileStat | undefined, now: FileStat): boolean {
  return (
    before !== undefined &&
    before.device === now.device &&
    before.inode === now.inode &&
    before.size === now.size &&
    before.modifiedAt === now.modifiedAt
  );
}
