import { type FileStat, isUnchanged } from './file-stat';
import { FinishedGenerations } from './finished-generations';
import { Generation, HEAD_BYTES, isBeginning } from './generation';
import { gunzip } from './gunzip';
import { countLines, MOST_RECORD_BYTES, stretches } from './log-lines';
import type { SshLogPosition } from './log-position';
import type { LogGap, LogSink, LogSource } from './log-source';
import { MissedLines } from './missed-lines';
import type { RotatedHeads } from './rotated-heads';
import type { RotatedFile } from './rotated-names';
import { findGeneration, listRotated } from './rotated-search';

/** Looks in which a generation may be missing, or a compressed file unfinished, before it is given up. */
const PATIENCE = 3;
/** Blocks for reading a little and a lot: the first is what is read in vain at most. */
const SMALL_BLOCK = 4096;
const LARGE_BLOCK = 65_536;
/** Largest compressed file that is fetched, and largest content. */
const MOST_COMPRESSED = 64 * 2 ** 20;
const MOST_CONTENT = 512 * 2 ** 20;
/** A rotated file that was last changed this long before our last reading holds nothing new, seconds. */
const CHANGED_MARGIN = 2;
/** A compressed file without content, with its name. */
const EMPTY_BYTES = 64;
/** A copy that was not written to for so long is whole. */
const SETTLED_SECONDS = 2;

/** What one look at a file is given. */
export interface LogLook {
  readonly source: LogSource;
  readonly sink: LogSink;
  readonly heads: RotatedHeads;
  /** Stems of places where rotated files may stand besides the file's own, such as a log directory it is linked from. */
  readonly otherStems: readonly string[];
  /** Our clock, epoch ms, and the device's minus ours, ms. */
  readonly now: number;
  readonly clockOffset: number;
  /** Bytes that may be read; goes down as they are. */
  readonly budget: { bytes: number };
  /** Of a file that was never read, rotated files that were changed after this are read first; device's clock, epoch ms. */
  readonly since?: number | undefined;
}

/**
 * One log file through its generations. Every line goes out once, in order: what was written to a generation after our
 * last look is read from its rotated file, then the generations between, then the file itself. Where a generation is
 * nowhere, a gap says so. It keeps no bytes of lines: a line that is not complete is read again.
 */
export class LogFile {
  readonly path: string;
  #generation: Generation | undefined;
  #consumed: FileStat | undefined;
  #readAt: number | undefined;
  #waits = 0;
  #isGone = false;
  /** Which file was read last: a rotated file that is the same one was renamed, another one was copied. */
  #identity = '';
  /** The generation stands in a rotated file: the file itself need not be looked at before that is read. */
  #isRotated = false;
  readonly #finished: FinishedGenerations;
  readonly #missed: MissedLines;
  #isNew: boolean;
  #lag = 0;
  #lines = 0;
  #bytes = 0;

  constructor(path: string, position: SshLogPosition | undefined, finished = new FinishedGenerations()) {
    this.path = path;
    this.#finished = finished;
    this.#missed = new MissedLines(path);
    this.#isNew = position === undefined;
    if (position === undefined) return;
    this.#generation = Generation.resumed(position.generation, position.head, position.offset);
    this.#readAt = position.at;
  }

  /** Bytes known to be there and not read yet. */
  get lag(): number {
    return this.#lag;
  }

  get counts(): { readonly lines: number; readonly bytes: number; readonly gaps: number } {
    return { lines: this.#lines, bytes: this.#bytes, gaps: this.#missed.told };
  }

  /** The same file is now found under another path. */
  moved(path: string): LogFile {
    const file = new LogFile(path, undefined, this.#finished);
    file.#generation = this.#generation;
    file.#readAt = this.#readAt;
    file.#isNew = this.#isNew;
    return file;
  }

  /** Reads what is new. `stat` is undefined when the file is not there. */
  async look(stat: FileStat | undefined, look: LogLook): Promise<void> {
    if (stat === undefined) {
      await this.#missing(look);
      return;
    }
    this.#isGone = false;
    if (isUnchanged(this.#consumed, stat)) {
      this.#readAt = look.now;
      return;
    }
    if (this.#isNew && !(await this.#beginBefore(look))) return;
    this.#isNew = false;
    while (look.budget.bytes > 0) {
      const outcome = this.#isRotated ? 'rotated' : await this.#readCurrent(stat, look);
      if (outcome === 'rotated') {
        if ((await this.#readRotated(stat, look)) === 'again') continue;
        this.#lag = Math.max(this.#lag, stat.size);
      }
      if (outcome !== 'more') return;
    }
  }

  /** Begins with the oldest rotated file that is wanted, if any is. */
  async #beginBefore(look: LogLook): Promise<boolean> {
    if (look.since === undefined) return true;
    const since = look.since / 1000;
    const files = await listRotated(this.path, look);
    if (files === undefined) return false;
    const wanted = files.filter(({ stat }) => stat.modifiedAt >= since);
    return (await this.#takeNext(wanted, look)) === 'again';
  }

  /** Reads a piece of the file itself. */
  async #readCurrent(stat: FileStat, look: LogLook): Promise<'done' | 'more' | 'rotated' | 'failed'> {
    const known = this.#generation;
    if (stat.size === 0 && known === undefined) {
      const between = await this.#between(look);
      if (between === 'nothing') this.#consumed = stat;
      return between === 'nothing' ? 'done' : between;
    }
    // Before a generation is known, its beginning must be whole lines: two files that were just begun look alike.
    const head = known === undefined ? Math.min(HEAD_BYTES, stat.size) : known.proof;
    const offset = known?.offset ?? 0;
    if (stat.size < Math.max(head, offset)) return 'rotated';
    const wanted = Math.max(MOST_RECORD_BYTES, Math.min(look.budget.bytes, stat.size - offset));
    const block = Math.min(wanted, stat.size - offset) > LARGE_BLOCK * 4 ? LARGE_BLOCK : SMALL_BLOCK;
    const skip = Math.floor(offset / block);
    const count = Math.ceil((offset - skip * block + Math.min(wanted, stat.size - offset + SMALL_BLOCK)) / block);
    const read = await look.source.proved(this.path, block, skip, count, head);
    if (read === undefined) return 'failed';
    if (known !== undefined && !known.matches(read.beginning)) return 'rotated';
    const bytes = read.bytes.subarray(offset - skip * block);
    const generation = known ?? begun(read.beginning, bytes, head);
    if (generation === undefined) return 'failed';
    if (known === undefined && !bytes.includes(0x0a) && bytes.length < MOST_RECORD_BYTES) return 'done';
    if (known === undefined) {
      const between = await this.#between(look);
      if (between !== 'nothing') return between;
    }
    if (!(await this.#begin(generation, look))) return 'failed';
    look.budget.bytes -= bytes.length;
    if (!(await this.#emit(bytes, false, look))) return 'failed';
    this.#readAt = look.now;
    this.#waits = 0;
    this.#identity = identityOf(stat);
    const covered = offset + bytes.length >= stat.size;
    this.#lag = covered ? 0 : stat.size - generation.offset;
    if (covered) this.#consumed = stat;
    // A file that shrank since it was looked at gives no more now.
    return covered || generation.offset === offset ? 'done' : 'more';
  }

  /** Takes up a generation; first says what is missing before it. */
  async #begin(generation: Generation, look: LogLook): Promise<boolean> {
    if (!(await this.#missed.tell(generation, look))) return false;
    this.#generation = generation;
    return true;
  }

  async #emit(bytes: Buffer, isEnd: boolean, look: LogLook): Promise<boolean> {
    const generation = this.#generation!;
    const base = generation.offset;
    for (const { start, end, cut } of stretches(bytes, isEnd)) {
      const part = bytes.subarray(start, end);
      const { name, head } = generation;
      const offset = base + start;
      const taken = await look.sink.lines({ file: this.path, generation: name, head, offset, cut, bytes: part });
      if (!taken) return false;
      generation.learn(part);
      generation.offset = base + end;
      this.#lines += countLines(part);
      this.#bytes += part.length;
    }
    return true;
  }

  /** The file is another generation now: finishes the one before from its rotated file. */
  async #readRotated(stat: FileStat | undefined, look: LogLook): Promise<'again' | 'wait' | 'failed'> {
    this.#consumed = undefined;
    const files = await listRotated(this.path, look);
    if (files === undefined) return 'failed';
    const found = await findGeneration(files, (head) => this.#generation!.matches(head), look);
    if (found === 'failed') return 'failed';
    if (found === undefined) return this.#lost(files, stat, look);
    const finished = await this.#finish(files[found]!, look);
    if (finished !== 'finished') return finished;
    return await this.#takeNext(files.slice(found + 1), look);
  }

  /** Reads a rotated file from our offset to its end. */
  async #finish(file: RotatedFile, look: LogLook): Promise<'finished' | 'again' | 'wait' | 'failed'> {
    const generation = this.#generation!;
    if (!file.isCompressed) return await this.#finishPlain(file, look);
    const { size } = file.stat;
    if (size > MOST_COMPRESSED) return await this.#skip('too_large', look);
    const compressed = await look.source.blocks(file.stat, LARGE_BLOCK, Math.ceil((size + 1) / LARGE_BLOCK));
    if (compressed === undefined) return 'failed';
    if (compressed.length === 0) return 'wait';
    const content = await gunzip(compressed, MOST_CONTENT);
    if (content.kind === 'too_large') return await this.#skip('too_large', look);
    if (content.kind === 'damaged' || (content.kind === 'cut' && this.#waits >= PATIENCE)) {
      return await this.#skip('damaged', look);
    }
    if (content.kind === 'cut') {
      // Still being written.
      this.#waits += 1;
      return 'wait';
    }
    const rest = content.bytes.subarray(Math.min(generation.offset, content.bytes.length));
    look.budget.bytes -= rest.length;
    if (!(await this.#emit(rest, true, look))) return 'failed';
    this.#done();
    return 'finished';
  }

  async #finishPlain({ stat }: RotatedFile, look: LogLook): Promise<'finished' | 'again' | 'wait' | 'failed'> {
    const generation = this.#generation!;
    for (;;) {
      const rest = Math.max(0, stat.size - generation.offset);
      const wanted = Math.min(rest, Math.max(MOST_RECORD_BYTES, look.budget.bytes));
      const block = wanted > LARGE_BLOCK * 4 ? LARGE_BLOCK : SMALL_BLOCK;
      const skip = Math.floor(generation.offset / block);
      const count = Math.ceil((generation.offset - skip * block + wanted + 1) / block);
      const read = await look.source.proved(stat.path, block, skip, count, generation.proof);
      if (read === undefined) return 'failed';
      if (!generation.matches(read.beginning)) return 'wait';
      const bytes = read.bytes.subarray(generation.offset - skip * block);
      const isEnd = generation.offset + bytes.length >= stat.size;
      const isSettled = this.#isSettled(stat, look);
      look.budget.bytes -= bytes.length;
      if (!(await this.#emit(bytes, isEnd && isSettled, look))) return 'failed';
      if (isEnd && !isSettled) return 'wait';
      if (isEnd) break;
      if (look.budget.bytes <= 0) {
        this.#lag = stat.size - generation.offset;
        return 'wait';
      }
    }
    this.#done();
    return 'finished';
  }

  /** A renamed file has its last line; a copy may still be in the making. */
  #isSettled(stat: FileStat, { now, clockOffset }: LogLook): boolean {
    return identityOf(stat) === this.#identity || stat.modifiedAt < (now + clockOffset) / 1000 - SETTLED_SECONDS;
  }

  #done(): void {
    this.#waits = 0;
    this.#isRotated = false;
    this.#finished.add(this.#generation!.beginning);
  }

  /** The generation cannot be read to its end: goes on behind it, with a gap. */
  async #skip(reason: LogGap['reason'], look: LogLook): Promise<'again' | 'failed'> {
    this.#missed.expect(reason, this.#readAt);
    const files = await listRotated(this.path, look);
    if (files === undefined) return 'failed';
    const found = await findGeneration(files, (head) => this.#generation!.matches(head), look);
    this.#done();
    if (found === 'failed') return 'failed';
    return await this.#takeNext(found === undefined ? [] : files.slice(found + 1), look);
  }

  /** Goes on with the next newer generation, or with the file itself. */
  async #takeNext(newer: readonly RotatedFile[], look: LogLook): Promise<'again' | 'failed'> {
    for (const file of newer) {
      const head = await look.heads.of(file, look.source);
      if (head === undefined) return 'failed';
      if (head.length === 0) {
        if (file.stat.size <= EMPTY_BYTES) continue;
        // Begun to be written just now, or damaged: then its lines are lost, which the next record says.
        if (!this.#isSettled(file.stat, look)) return 'failed';
        this.#missed.expect('damaged', this.#readAt);
        continue;
      }
      const generation = Generation.of(head);
      // The same content once plain and once compressed, or one that was read before.
      if (this.#finished.has(head)) continue;
      if (!(await this.#begin(generation, look))) return 'failed';
      this.#isRotated = true;
      return 'again';
    }
    this.#generation = undefined;
    return 'again';
  }

  /**
   * Before the file is taken for what follows the generation that was read last: it may have been rotated once more after
   * the rotated files were listed. Asked after it was read, so that what is listed now is all that can be between.
   */
  async #between(look: LogLook): Promise<'nothing' | 'rotated' | 'failed'> {
    const { last } = this.#finished;
    if (last === undefined) return 'nothing';
    const files = await listRotated(this.path, look);
    if (files === undefined) return 'failed';
    const found = await findGeneration(files, (head) => isBeginning(head, last.length, last.name), look);
    if (found === 'failed') return 'failed';
    if (found === undefined) return 'nothing';
    if ((await this.#takeNext(files.slice(found + 1), look)) === 'failed') return 'failed';
    return this.#generation === undefined ? 'nothing' : 'rotated';
  }

  /** Our generation is in no file. After some patience it is given up; what is newer than our last reading is read. */
  async #lost(
    files: readonly RotatedFile[],
    stat: FileStat | undefined,
    look: LogLook,
  ): Promise<'again' | 'wait' | 'failed'> {
    this.#waits += 1;
    if (this.#waits <= PATIENCE) return 'wait';
    const readAt = this.#readAt;
    const since = readAt === undefined ? -Infinity : (readAt + look.clockOffset) / 1000 - CHANGED_MARGIN;
    const newer = files.filter(({ stat: { modifiedAt } }) => modifiedAt >= since);
    const reason = newer.length === 0 && stat !== undefined ? 'truncated' : 'rotated_away';
    this.#missed.expect(reason, readAt);
    this.#waits = 0;
    this.#done();
    return await this.#takeNext(newer, look);
  }

  /** The file is not there: perhaps it is being rotated, perhaps it was removed. */
  async #missing(look: LogLook): Promise<void> {
    for (let generation = this.#generation; generation !== undefined && look.budget.bytes > 0;) {
      const files = await listRotated(this.path, look);
      if (files === undefined) return;
      const found = await findGeneration(files, (head) => this.#generation!.matches(head), look);
      if (found === 'failed') return;
      if (found === undefined) break;
      if ((await this.#finish(files[found]!, look)) !== 'finished') return;
      if ((await this.#takeNext(files.slice(found + 1), look)) !== 'again') return;
      generation = this.#generation;
    }
    const generation = this.#generation;
    if (generation === undefined || this.#isGone) return;
    this.#waits += 1;
    if (this.#waits <= PATIENCE) return;
    this.#waits = 0;
    this.#isGone = true;
    this.#consumed = undefined;
    this.#missed.expect('vanished', this.#readAt);
    await this.#missed.tell(generation, look);
  }
}

/** A generation that was not known: its beginning must be what was read of it. */
function begun(beginning: Buffer, bytes: Buffer, head: number): Generation | undefined {
  if (beginning.length < head || !bytes.subarray(0, head).equals(beginning.subarray(0, head))) return undefined;
  return Generation.of(beginning.subarray(0, head));
}

function identityOf({ device, inode }: FileStat): string {
  return `${device} ${inode}`;
}
