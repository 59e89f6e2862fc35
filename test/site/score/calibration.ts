/** How far confidence can be taken at its word. */
export interface Calibration {
  readonly count: number;
  /** Mean squared difference of confidence and outcome (0 or 1). */
  readonly brier: number;
  /** Expected calibration error: difference of confidence and share of right, over the bins by their sizes. */
  readonly ece: number;
  readonly bins: readonly Bin[];
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly right: number;
}

/** One claim: how sure it was, and whether it was right. */
export interface Claim {
  readonly confidence: number;
  readonly isRight: boolean;
}

const BINS = 10;

export function calibrationOf(claims: readonly Claim[]): Calibration {
  const bins = Array.from({ length: BINS }, (_, i): Bin => {
    const members = claims.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === i);
    const count = members.length;
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
    return {
      from: i / BINS,
      to: (i + 1) / BINS,
      count,
      confidence: mean(members.map(({ confidence }) => confidence)),
      right: mean(members.map(({ isRight }) => Number(isRight))),
    };
  });
  const total = Math.max(1, claims.length);
  const squares = claims.reduce((sum, { confidence, isRight }) => sum + (confidence - Number(isRight)) ** 2, 0);
  const error = bins.reduce((sum, { count, confidence, right }) => sum + count * Math.abs(confidence - right), 0);
  return { count: claims.length, brier: squares / total, ece: error / total, bins };
}
