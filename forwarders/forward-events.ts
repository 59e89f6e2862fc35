/** What forwarders tell of themselves; log lines, metrics and alarms are made from these in `cli/telemetry`. */
export type ForwardEvent =
  /** A try failed and is repeated; nothing is lost. */
  | {
      readonly kind: 'forward_failing';
      readonly destination: string;
      readonly code: string;
      readonly cause: string;
      readonly retryMs: number;
    }
  /** The receiver does not accept us or what we send to: a person must act; nothing is lost meanwhile. */
  | {
      readonly kind: 'forward_denied';
      readonly destination: string;
      readonly code: string;
      readonly cause: string;
      readonly retryMs: number;
    }
  | { readonly kind: 'forward_works'; readonly destination: string; readonly failures: number }
  /** Records that the receiver refuses for good; they are kept as dead letters. */
  | {
      readonly kind: 'forward_dead';
      readonly destination: string;
      readonly code: string;
      readonly cause: string;
      readonly records: number;
    }
  /** Retention takes records away that a destination has not had. */
  | {
      readonly kind: 'forward_gap';
      readonly destination: string;
      readonly records: string;
      readonly segment: string;
      readonly missing: number;
    }
  /** The store was derived anew: everything is sent again under the same ids. */
  | { readonly kind: 'forward_rewound'; readonly destination: string; readonly records: string }
  | {
      readonly kind: 'forward_redriven';
      readonly destination: string;
      readonly delivered: number;
      readonly dead: number;
      readonly gone: number;
    };
