/** Probability that at least `least` of `trials` happen, each with probability `chance`. */
export function binomialTail(trials: number, least: number, chance: number): number {
  if (least <= 0 || chance >= 1) return 1;
  if (chance <= 0) return 0;
  let sum = 0;
  let logTerm = trials * Math.log1p(-chance);
  for (let k = 0; k <= trials; k++) {
    if (k >= least) sum += Math.exp(logTerm);
    logTerm += Math.log((trials - k) / (k + 1)) + Math.log(chance) - Math.log1p(-chance);
  }
  return Math.min(1, sum);
}
