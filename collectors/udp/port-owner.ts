import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { localHex } from './local-hex';
import { parseProcNet } from './proc-net';
import { socketInodes } from './kernel-drops';

/** The process that holds a port. */
export interface PortOwner {
  readonly pid: number;
  /** File name of its program; the kernel's short name (`/proc/PID/comm`) where that is hidden from us. */
  readonly name: string;
}

const TCP_LISTEN = 0x0a;

/**
 * Who holds the port that we cannot bind; undefined when it cannot be told (not Linux, or another user's process and
 * we are not root). Reads `/proc` once; only for error messages.
 */
export function findPortOwner(protocol: 'udp' | 'tcp', address: string, port: number): PortOwner | undefined {
  try {
    const inodes = holders(protocol, address, port);
    if (inodes.size === 0) return undefined;
    for (const name of readdirSync('/proc')) {
      if (/^\d+$/.test(name) && holdsOne(`/proc/${name}/fd`, inodes)) {
        return { pid: Number(name), name: programName(name) };
      }
    }
  } catch {
    // Whatever cannot be read here only costs the name in the message.
  }
  return undefined;
}

/** `comm` alone will not do: Node calls its main thread, and so the process, `MainThread`. */
function programName(pid: string): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
  } catch {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  }
}

function holders(protocol: 'udp' | 'tcp', address: string, port: number): ReadonlySet<number> {
  const wanted = localHex(address);
  const inodes = new Set<number>();
  for (const suffix of ['', '6']) {
    for (const row of parseProcNet(tableText(`/proc/net/${protocol}${suffix}`))) {
      const open = protocol === 'udp' || row.state === TCP_LISTEN;
      const clashes = row.localHex === wanted || isWildcard(row.localHex) || isWildcard(wanted);
      if (row.localPort === port && open && clashes) inodes.add(row.inode);
    }
  }
  return inodes;
}

function tableText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function isWildcard(hex: string): boolean {
  return /^0+$/.test(hex);
}

function holdsOne(folder: string, wanted: ReadonlySet<number>): boolean {
  try {
    for (const inode of socketInodes(folder)) if (wanted.has(inode)) return true;
    return false;
  } catch {
    return false;
  }
}
