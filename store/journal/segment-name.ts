/** `2026-11-24T02-000`: UTC hour of opening and a number within it. Facts segments bear the same name. */
const NAME = /^(\d{4}-\d\d-\d\dT\d\d)-(\d{3,9})$/;

/** Name of the segment file without its directory. */
export function segmentFile(name: string): string {
  return `${name}.db`;
}

/** Whether a text has the form of a segment name. */
export function isSegmentName(text: string): boolean {
  return NAME.test(text);
}

/** The segment name in a file name, or undefined when it is no segment's. */
export function nameOfFile(file: string): string | undefined {
  const name = file.endsWith('.db') ? file.slice(0, -3) : '';
  return NAME.test(name) ? name : undefined;
}

/** Orders segments by time of opening. Not the order of the text: `…-1000` comes after `…-999`. */
export function compareSegmentNames(a: string, b: string): number {
  const [hourA, numberA] = split(a);
  const [hourB, numberB] = split(b);
  if (hourA !== hourB) return hourA < hourB ? -1 : 1;
  return numberA - numberB;
}

/** Name for a segment opened at `now` (epoch ms) after `newest`. A clock that went back does not break the order. */
export function nextSegmentName(now: number, newest: string | undefined): string {
  const hour = new Date(now).toISOString().slice(0, 13);
  if (newest === undefined) return `${hour}-000`;
  const [newestHour, number] = split(newest);
  return hour > newestHour ? `${hour}-000` : `${newestHour}-${String(number + 1).padStart(3, '0')}`;
}

function split(name: string): [hour: string, number: number] {
  const match = NAME.exec(name);
  if (match === null) throw new RangeError(`not a segment name: ${name}`);
  return [match[1] ?? '', Number(match[2])];
}
