/**
 * What both timing statistics give for intervals between independent events, where there is no rhythm: quantiles over 20,000
 * series for each count of intervals. Made by `node dist/bench/detection/interval-null.js`; a test makes some of it again.
 */
export interface ChanceRow {
  /** Intervals of a series. */
  readonly count: number;
  /** Quantiles at `CHANCE_SHARES` of `intervalDispersion`. */
  readonly dispersion: readonly number[];
  /** Quantiles at `CHANCE_SHARES` of `intervalStatistic`. */
  readonly phase: readonly number[];
}

/** Shares of chance series that score below. */
export const CHANCE_SHARES: readonly number[] = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** By count, ascending. */
export const CHANCE_TABLE: readonly ChanceRow[] = [
  {
    count: 4,
    dispersion: [0.608, 0.718, 0.76, 0.795, 0.859, 0.918, 0.946],
    phase: [0.79, 0.909, 0.946, 0.966, 0.988, 0.997, 1],
  },
  {
    count: 6,
    dispersion: [0.546, 0.671, 0.735, 0.781, 0.86, 0.917, 0.956],
    phase: [0.697, 0.82, 0.868, 0.9, 0.944, 0.973, 0.99],
  },
  {
    count: 8,
    dispersion: [0.542, 0.664, 0.717, 0.757, 0.818, 0.88, 0.905],
    phase: [0.636, 0.756, 0.805, 0.841, 0.895, 0.938, 0.968],
  },
  {
    count: 10,
    dispersion: [0.529, 0.649, 0.704, 0.747, 0.817, 0.891, 0.921],
    phase: [0.595, 0.706, 0.757, 0.792, 0.851, 0.906, 0.928],
  },
  {
    count: 12,
    dispersion: [0.531, 0.648, 0.698, 0.734, 0.798, 0.851, 0.903],
    phase: [0.558, 0.665, 0.714, 0.753, 0.813, 0.878, 0.923],
  },
  {
    count: 15,
    dispersion: [0.516, 0.634, 0.681, 0.717, 0.779, 0.83, 0.866],
    phase: [0.518, 0.619, 0.667, 0.704, 0.765, 0.818, 0.838],
  },
  {
    count: 20,
    dispersion: [0.53, 0.637, 0.68, 0.713, 0.766, 0.827, 0.863],
    phase: [0.467, 0.558, 0.604, 0.639, 0.702, 0.771, 0.813],
  },
  {
    count: 30,
    dispersion: [0.528, 0.63, 0.671, 0.7, 0.748, 0.793, 0.835],
    phase: [0.347, 0.425, 0.468, 0.505, 0.577, 0.654, 0.695],
  },
  {
    count: 50,
    dispersion: [0.527, 0.62, 0.657, 0.684, 0.728, 0.769, 0.8],
    phase: [0.271, 0.329, 0.363, 0.392, 0.452, 0.53, 0.583],
  },
  {
    count: 80,
    dispersion: [0.526, 0.604, 0.642, 0.666, 0.705, 0.737, 0.764],
    phase: [0.218, 0.264, 0.291, 0.314, 0.359, 0.416, 0.465],
  },
  {
    count: 120,
    dispersion: [0.524, 0.589, 0.622, 0.649, 0.69, 0.72, 0.744],
    phase: [0.178, 0.214, 0.235, 0.254, 0.291, 0.349, 0.384],
  },
  {
    count: 200,
    dispersion: [0.523, 0.573, 0.601, 0.623, 0.665, 0.696, 0.71],
    phase: [0.138, 0.165, 0.181, 0.194, 0.223, 0.256, 0.281],
  },
  {
    count: 400,
    dispersion: [0.523, 0.558, 0.578, 0.594, 0.625, 0.659, 0.683],
    phase: [0.098, 0.118, 0.129, 0.138, 0.158, 0.183, 0.193],
  },
  {
    count: 800,
    dispersion: [0.522, 0.548, 0.561, 0.572, 0.593, 0.615, 0.627],
    phase: [0.071, 0.084, 0.092, 0.099, 0.112, 0.13, 0.146],
  },
];
