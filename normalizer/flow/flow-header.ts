import type { Problem } from './set-list';

/** What the headers of all versions tell. */
export interface FlowHeader {
  readonly version: number;
  /** Source id, observation domain, or engine type * 256 + engine id. */
  readonly domain: number;
  /** Records the header announces; -1 where it does not. */
  readonly count: number;
  /** Milliseconds since the exporter started; NaN where the header does not tell. */
  readonly uptime: number;
  /** Epoch ms. */
  readonly exportedAt: number;
  /** NaN where the version has none. */
  readonly sequence: number;
  /** Where sets or records begin and end in the datagram. */
  readonly from: number;
  readonly to: number;
  /** One packet of how many, from the header; 0 not told. */
  readonly samplingRate: number;
}

export function isProblem(result: FlowHeader | Problem): result is Problem {
  return 'reason' in result;
}
