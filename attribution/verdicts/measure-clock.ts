import type { Account, ClockOffset, Leg } from '../../store/analysis/evidence-record';
import type { ClockBin } from '../../store/analysis/clock-store';

/** Pairs that a measure must rest on at least, and the share of them that must agree. */
const LEAST_PAIRS = 8;
const LEAST_SHARE = 0.3;

/** Width of the bins in which the most frequent difference is looked for, ms. */
const BIN_MS = 1000;

/** Width of the bins in which export times are counted, ms. */
export const EXPORT_BIN_MS = 500;

/** No clock is better known than this, ms: stamps of whole seconds are half a second off in the mean. */
const LEAST_RESIDUAL = 250;

/** A few pairs more do not make a clock another one: offsets are told in steps of this, ms. */
const OFFSET_STEP = 100;

/** An exporter whose export times lie this close to their receipt is taken to be right, ms: headers count whole seconds. */
const HEADER_RESOLUTION = 1500;

/**
 * Offset of a source's clock from differences of the same events by two clocks: the most frequent difference, to the second,
 * then the median of those about it. Chance pairs (ports used again) spread; the true ones agree. Undefined when too few do.
 */
export function offsetOf(differences: readonly number[]): ClockOffset | undefined {
  if (differences.length < LEAST_PAIRS) return undefined;
  const bins = new Map<number, number>();
  for (const difference of differences) {
    const bin = Math.floor(difference / BIN_MS);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  let best = 0;
  let largest = -1;
  for (const bin of [...bins.keys()].sort((a, b) => Math.abs(a) - Math.abs(b) || a - b)) {
    const count = (bins.get(bin) ?? 0) + (bins.get(bin + 1) ?? 0);
    if (count > largest) [best, largest] = [bin, count];
  }
  const from = (best - 0.5) * BIN_MS;
  const to = (best + 2.5) * BIN_MS;
  const about = differences.filter((difference) => difference >= from && difference < to).sort((a, b) => a - b);
  if (about.length < LEAST_PAIRS || about.length < LEAST_SHARE * differences.length) return undefined;
  const offset = Math.round(about[Math.floor(about.length / 2)]! / OFFSET_STEP) * OFFSET_STEP;
  const spread = about.map((difference) => Math.abs(difference - offset)).sort((a, b) => a - b);
  const most = spread[Math.floor(spread.length * 0.9)]!;
  const residual = Math.max(LEAST_RESIDUAL, Math.ceil(most / LEAST_RESIDUAL) * LEAST_RESIDUAL);
  return { offset, residual, samples: about.length };
}

/** When the session that an account speaks of began, by the account's clock; undefined where it does not say. */
export function beginOf({ start, at, action }: Account): number | undefined {
  if (start !== null) return start;
  return /(?:start|create|begin|built|open)/u.test(action) ? at : undefined;
}

/** Whether a session can be the one of an account. */
export function isPair(account: Account, leg: Leg): boolean {
  if (account.protocol !== null && account.protocol !== leg.protocol) return false;
  const own = account.dst === leg.dst && account.dstPort === leg.dstPort;
  return own || (account.natDst === leg.dst && (account.natDstPort ?? account.dstPort) === leg.dstPort);
}

/**
 * Offset of an exporter's clock by its export times: those that came soonest lie nearest to it, so an upper quantile of the
 * differences counts, not their mean. What was kept back for hours shows as a long tail below and does not matter.
 */
export function offsetOfBins(bins: readonly ClockBin[], width: number): ClockOffset | undefined {
  const samples = bins.reduce((sum, { count }) => sum + count, 0);
  if (samples < LEAST_PAIRS) return undefined;
  let left = samples * 0.1;
  for (const { bin, count } of [...bins].reverse()) {
    left -= count;
    if (left > 0) continue;
    const offset = bin + width / 2;
    const isRight = Math.abs(offset) <= HEADER_RESOLUTION;
    return { offset: isRight ? 0 : Math.round(offset), residual: 500, samples };
  }
  return undefined;
}
