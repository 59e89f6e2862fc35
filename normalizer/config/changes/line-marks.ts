import type { LineDiff } from './line-diff';

/** Who changed a line, and when, as far as it was seen. A line that was there at the first reading has no mark. */
export interface LineMark {
  /** Version in which the line came. */
  readonly version: string;
  readonly author?: string | undefined;
  /** UTC epoch milliseconds. */
  readonly at?: number | undefined;
  /** Journal positions of the records that say so. */
  readonly evidence?: readonly number[];
}

/** Marks of a configuration's lines. Plain data. */
export interface LineMarks {
  /** Oldest first. */
  readonly marks: readonly LineMark[];
  /** Lines `from` to `to`, numbered from 1, have the mark at `mark`. In the order of lines. */
  readonly runs: readonly (readonly [from: number, to: number, mark: number])[];
}

export const NO_MARKS: LineMarks = { marks: [], runs: [] };

/** Changes of one configuration that are told apart; lines of older ones lose their mark. */
const MAX_MARKS = 512;

/** Marks of a newer version: its new lines have those that `markOf` gives, the others keep theirs. */
export function carriedMarks(
  before: LineMarks,
  { origins, added }: Pick<LineDiff, 'origins' | 'added'>,
  markOf: (text: string) => LineMark,
): LineMarks {
  const former = new Map<number, number>();
  for (const [from, to, mark] of before.runs) for (let line = from; line <= to; line++) former.set(line, mark);
  const marks = [...before.marks];
  const known = new Map<string, number>();
  const ofLine = new Map<number, number>();
  for (let i = 0; i < origins.length; i++) {
    const mark = former.get(origins[i] ?? 0);
    if (mark !== undefined) ofLine.set(i + 1, mark);
  }
  for (const [line, text] of added) {
    const mark = markOf(text);
    const identity = JSON.stringify(mark);
    const index = known.get(identity) ?? marks.push(mark) - 1;
    known.set(identity, index);
    ofLine.set(line, index);
  }
  return compacted(marks, ofLine);
}

/** Gives the lines of one version, whose author was not known, the marks that `markOf` gives. */
export function completedMarks(
  { marks, runs }: LineMarks,
  version: string,
  lines: readonly string[],
  markOf: (text: string) => LineMark,
): LineMarks {
  const added: (readonly [number, string])[] = [];
  const origins = new Uint32Array(lines.length).map((_, i) => i + 1);
  for (const [from, to, index] of runs) {
    const mark = marks[index];
    if (mark === undefined || mark.version !== version || mark.author !== undefined) continue;
    for (let line = from; line <= to; line++) added.push([line, lines[line - 1] ?? '']);
  }
  return carriedMarks({ marks, runs }, { origins, added }, markOf);
}

/** The newest mark of some lines, in ascending order; undefined where none has one. */
export function newestMark({ marks, runs }: LineMarks, lines: readonly number[]): LineMark | undefined {
  let newest = -1;
  let run = 0;
  for (const line of lines) {
    while (run < runs.length && (runs[run]?.[1] ?? 0) < line) run++;
    const [from, , mark] = runs[run] ?? [Infinity, 0, -1];
    if (from <= line && mark > newest) newest = mark;
  }
  return newest < 0 ? undefined : marks[newest];
}

/** Without marks that no line has. */
function compacted(marks: readonly LineMark[], ofLine: ReadonlyMap<number, number>): LineMarks {
  const used = [...new Set(ofLine.values())].sort((a, b) => a - b).slice(-MAX_MARKS);
  const renumbered = new Map(used.map((mark, index) => [mark, index] as const));
  const runs: [number, number, number][] = [];
  for (const line of [...ofLine.keys()].sort((a, b) => a - b)) {
    const mark = renumbered.get(ofLine.get(line) ?? -1);
    if (mark === undefined) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[1] === line - 1 && last[2] === mark) last[1] = line;
    else runs.push([line, line, mark]);
  }
  return { marks: used.flatMap((mark) => marks[mark] ?? []), runs };
}
