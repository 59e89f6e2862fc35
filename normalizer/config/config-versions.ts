import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { NormalizerStateError } from '../contract';
import type { VersionChange } from './changes/change-account';
import type { LineMarks } from './changes/line-marks';
import type { ConfigPlatform } from './platforms';

/** The last good version of one device's configuration, or of one part of it. */
export interface KnownVersion {
  readonly version: string;
  readonly platform: ConfigPlatform;
  /** When it was last read, and when its bindings were last stated in full: our clock, epoch ms. */
  readonly readAt: number;
  readonly statedAt: number;
  /** When the version was first read, and when the one before was read last. */
  readonly firstReadAt?: number;
  readonly changedAfter?: number;
  readonly change?: VersionChange;
  readonly marks?: LineMarks;
  /** Masked lines, deflated, base 64; empty where they were too long to be kept. */
  readonly text: string;
}

const STATE_VERSION = 1;
/** Longest text that is kept to compare with. */
const MAX_TEXT = 8 << 20;
/** All texts together, compressed. */
const MAX_STATE = 64 << 20;

/** What is remembered of configurations between two readings. Bounded; the device not read for longest goes first. */
export class ConfigVersions {
  readonly #known = new LRUCache<string, KnownVersion>({
    maxSize: MAX_STATE,
    sizeCalculation: ({ text, marks }) => text.length + 256 + (marks === undefined ? 0 : sizeOf(marks)),
  });

  get(device: string, part: string): KnownVersion | undefined {
    return this.#known.get(keyOf(device, part));
  }

  set(device: string, part: string, known: KnownVersion): void {
    this.#known.set(keyOf(device, part), known);
  }

  snapshot(): Uint8Array {
    // Oldest first, so that restoring keeps the order of use.
    const entries = [...this.#known.entries()].reverse();
    return Buffer.from(JSON.stringify({ version: STATE_VERSION, entries }));
  }

  restore(snapshot: Uint8Array): void {
    let state: { version?: unknown; entries?: unknown } | null;
    try {
      state = JSON.parse(Buffer.from(snapshot).toString('utf8')) as typeof state;
    } catch (cause) {
      throw new NormalizerStateError('the snapshot of configurations is not JSON', { cause });
    }
    if (state === null || state.version !== STATE_VERSION || !Array.isArray(state.entries)) {
      throw new NormalizerStateError('the snapshot of configurations has another format version');
    }
    this.#known.clear();
    for (const [key, known] of state.entries as [string, KnownVersion][]) this.#known.set(key, known);
  }
}

function keyOf(device: string, part: string): string {
  return `${device}\n${part}`;
}

function sizeOf({ marks, runs }: LineMarks): number {
  return marks.length * 128 + runs.length * 16;
}

/** Lines as `KnownVersion.text` keeps them. */
export function packed(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length > MAX_TEXT ? '' : deflateRawSync(Buffer.from(text)).toString('base64');
}

/** The lines of `packed`; undefined where none were kept. */
export function unpacked(text: string): string[] | undefined {
  if (text === '') return undefined;
  return inflateRawSync(Buffer.from(text, 'base64')).toString('utf8').split('\n');
}
