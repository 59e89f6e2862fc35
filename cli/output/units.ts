const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const DURATION_PART = /(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d|w)/y;

/** Milliseconds of `90s`, `1h`, `1h30m`, `250ms`, `30d`, `2w`; undefined when it is not one (a bare number names no unit). */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  let at = 0;
  while (at < text.length) {
    DURATION_PART.lastIndex = at;
    const match = DURATION_PART.exec(text);
    if (match === null) return undefined;
    total += Number(match[1]) * DURATION_UNITS[match[2] as keyof typeof DURATION_UNITS];
    at = DURATION_PART.lastIndex;
  }
  return at === 0 || !Number.isSafeInteger(Math.round(total)) ? undefined : Math.round(total);
}

const SIZE = /^(\d{1,15}(?:\.\d{1,6})?)\s?(B|[kKMGTP]i?B)?$/;
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  kiB: 2 ** 10,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};

/** Bytes of `256MiB`, `1GB`, `4096`; undefined when it is not a size. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (match === null) return undefined;
  const bytes = Math.round(Number(match[1]) * (SIZE_UNITS[match[2] ?? 'B'] ?? Number.NaN));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in the largest binary unit that leaves at least 1, three digits: `1.43 MiB`. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  let step = 0;
  while (Math.abs(value) >= 1024 && step < STEPS.length - 1) {
    value /= 1024;
    step++;
  }
  return `${step === 0 ? value : threeDigits(value)} ${STEPS[step]}`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  return size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** A count with thin grouping that survives copy and paste: `1 234 567`. */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/gu, ' ');
}

/** A count with its noun: `1 record`, `2 000 records`. */
export function counted(count: number, singular: string): string {
  return `${formatCount(count)} ${singular}${count === 1 ? '' : 's'}`;
}

/** A duration in its two largest units: `3 ms`, `4.2 s`, `5m 10s`, `2h 3m`, `4d 1h`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** A rate: `12 /s`, `3.4 /s`, `1 200 /s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond >= 10 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1)} /s`;
}
