import type { ChangeNote } from './change-notes';
import type { ChangeStamp } from './change-stamp';
import type { LineMark } from './line-marks';

/** Who made a version, and when: what is not known is undefined. */
export interface VersionChange {
  readonly author?: string | undefined;
  /** UTC epoch milliseconds. */
  readonly time?: number | undefined;
  /** Journal positions of the records that name the author, the newest last. */
  readonly evidence?: readonly number[];
  /** All who are named, where they are several: the lines of the version are then nobody's. */
  readonly authors?: readonly string[];
}

/** Most records that are named as evidence of one change. */
const MAX_EVIDENCE = 8;

/**
 * What is known of the change that made one version: what the configuration states of itself comes first; what it does
 * not state is taken from what was told between the reading before and this one. A version is its last author's; a
 * line is somebody's only where one alone is named, or where it was told as it was typed.
 */
export class ChangeAccount {
  readonly version: VersionChange;
  readonly #notes: readonly ChangeNote[];
  /** Everybody who may have changed a line. */
  readonly #candidates: readonly string[];

  /** `notes`: what was told between the two readings, oldest first. */
  constructor({ author, time }: ChangeStamp, notes: readonly ChangeNote[]) {
    this.#notes = notes;
    const commits = notes.filter((note) => note.commits && note.author !== '');
    const telling = commits.length > 0 ? commits : notes.filter((note) => note.author !== '');
    const newest = telling.at(-1);
    const named = author ?? newest?.author;
    const ofAuthor = telling.filter((note) => note.author === named);
    this.#candidates = [...new Set([...(author === undefined ? [] : [author]), ...telling.map((note) => note.author)])];
    this.version = {
      author: named,
      time: time ?? newest?.at ?? notes.at(-1)?.at,
      ...(ofAuthor.length > 0 && { evidence: evidenceOf(ofAuthor) }),
      ...(this.#candidates.length > 1 && { authors: this.#candidates }),
    };
  }

  /** Who changed one line of the version, and when. */
  line(text: string): Omit<LineMark, 'version'> {
    const wanted = text.trim();
    const typed = this.#notes.findLast(({ line, author }) => line !== '' && author !== '' && line === wanted);
    if (typed !== undefined) return { author: typed.author, at: typed.at, evidence: [typed.rawSeq] };
    const { time, evidence } = this.version;
    const [only] = this.#candidates.length === 1 ? this.#candidates : [];
    return { author: only, at: time, ...(only !== undefined && evidence !== undefined && { evidence }) };
  }
}

function evidenceOf(notes: readonly ChangeNote[]): readonly number[] {
  return [...new Set(notes.map(({ rawSeq }) => rawSeq))].slice(-MAX_EVIDENCE);
}
