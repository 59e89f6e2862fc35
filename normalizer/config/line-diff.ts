/** Lines by which two versions differ, as `-` and `+` of a diff without order: lines that only moved are no difference. */
export interface LineDiff {
  /** Number in the older version, and text. */
  readonly removed: readonly (readonly [line: number, text: string])[];
  /** Number in the newer version, and text. */
  readonly added: readonly (readonly [line: number, text: string])[];
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
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const left = new Map<string, number[]>();
  for (let i = from; i < before.length - tail; i++) {
    const text = before[i] ?? '';
    if (ignored(text)) continue;
    const numbers = left.get(text);
    if (numbers === undefined) left.set(text, [i + 1]);
    else numbers.push(i + 1);
  }
  const added: (readonly [number, string])[] = [];
  for (let i = from; i < after.length - tail; i++) {
    const text = after[i] ?? '';
    if (ignored(text)) continue;
    const numbers = left.get(text);
    if (numbers === undefined || numbers.length === 0) added.push([i + 1, text]);
    else numbers.shift();
  }
  const removed = [...left]
    .flatMap(([text, numbers]) => numbers.map((line) => [line, text] as const))
    .sort((a, b) => a[0] - b[0]);
  return { removed, added };
}
