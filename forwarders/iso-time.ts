/** Minutes whose text is remembered: the times of one page lie close together. */
const REMEMBERED = 4096;
const minutes = new Map<number, string>();
const SECONDS = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));
const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `.${String(ms).padStart(3, '0')}Z`);

const MINUTE_MS = 60_000;
const LATEST = 8.64e15;

/** `toISOString` of epoch milliseconds, rounded down, at a fraction of its price; undefined for what is no time. */
export function isoText(ms: number): string | undefined {
  if (!Number.isFinite(ms) || Math.abs(ms) > LATEST) return undefined;
  const whole = Math.floor(ms);
  const minute = Math.floor(whole / MINUTE_MS);
  const rest = whole - minute * MINUTE_MS;
  let text = minutes.get(minute);
  if (text === undefined) {
    if (minutes.size >= REMEMBERED) minutes.clear();
    // A minute may begin before the earliest time there is.
    text = new Date(whole).toISOString().slice(0, -'00.000Z'.length);
    minutes.set(minute, text);
  }
  return text + (SECONDS[Math.trunc(rest / 1000)] as string) + (MILLISECONDS[rest % 1000] as string);
}
