/** Lines by which two versions differ, as `-` and `+` of a diff without order: lines that only moved are no difference. */
export interface LineDiff {
  /** Number in the older version, and text. */
  readonly removed: readonly (readonly [line: number, text: string])[];
  /** Number in the newer version, and text. */
  readonly added: readonly (readonly [line: number, text: string])[];
  /** For each line of the newer version its number in the older one; 0 where that has no such line, or it is ignored. */
  readonly origins: Uint32Array;
}

/**
 * The lines that only one of two versions has, counted as often as they stand there. Linear in their length, whatever the
 * lines are: configurations are compared by what they say, and the same line may stand in many blocks.
 */
export function lineDiff(
  before: readonly string[],
  after: readonly string[],
  ignored: (line: string) => boolean,
): LineDiff {
  // Equal beginnings and ends first, so that a line added to one block is not taken for one of its equals elsewhere.
  const origins = new Uint32Array(after.length);
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) origins[from] = ++from;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    origins[after.length - 1 - tail] = before.length - tail;
    tail++;
  }
  const left = linesByText(before, from, before.length - tail, ignored);
  const added: (readonly [number, string])[] = [];
  for (let i = from; i < after.length - tail; i++) {
    const text = after[i] ?? '';
    if (ignored(text)) continue;
    const number = left.get(text)?.shift();
    if (number === undefined) added.push([i + 1, text]);
    else origins[i] = number;
  }
  const removed = [...left]
    .flatMap(([text, numbers]) => numbers.map((line) => [line, text] as const))
    .sort((a, b) => a[0] - b[0]);
  return { removed, added, origins };
}

function linesByText(
  lines: readonly string[],
  from: number,
  to: number,
  ignored: (line: string) => boolean,
): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (let i = from; i < to; i++) {
    const text = lines[i] ?? '';
    if (ignored(text)) continue;
    const known = numbers.get(text);
    if (known === undefined) numbers.set(text, [i + 1]);
    else known.push(i + 1);
  }
  return numbers;
}
