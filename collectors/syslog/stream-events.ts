/** Why a connection was not taken. */
export type StreamRefusal = 'not_allowed' | 'too_many' | 'too_many_of_peer';

/**
 * What a TCP or TLS listener reports. Nothing is emitted per message; events of connections come at most once in ten
 * seconds for each kind, with how many they stand for (`connections`) and the latest peer.
 */
export type SyslogStreamEvent =
  | { readonly kind: 'stream_listening'; readonly listener: string }
  /** A wildcard listener of a family this host does not have was left out. */
  | { readonly kind: 'stream_family_missing'; readonly address: string; readonly systemCode: string }
  | { readonly kind: 'stream_server_error'; readonly listener: string; readonly error: Error }
  | (ConnectionEvent & { readonly kind: 'stream_refused'; readonly reason: StreamRefusal })
  /** The connection broke (`ECONNRESET`, `ETIMEDOUT`, …); what had arrived is kept. */
  | (ConnectionEvent & { readonly kind: 'stream_broken'; readonly systemCode: string })
  | (ConnectionEvent & { readonly kind: 'stream_idle' })
  /** A TLS hello on a port that speaks plain TCP: the sender is set to TLS, or to the wrong port. */
  | (ConnectionEvent & { readonly kind: 'stream_tls_on_plain' })
  /** Plain text on a TLS port. */
  | (ConnectionEvent & { readonly kind: 'stream_plain_on_tls' })
  /** The handshake failed; `reason` is OpenSSL's or Node's code. */
  | (ConnectionEvent & { readonly kind: 'stream_tls_failed'; readonly reason: string })
  /** The client's certificate is not one that may send. */
  | (ConnectionEvent & {
      readonly kind: 'stream_tls_denied';
      readonly reason: string;
      readonly name: string;
      readonly fingerprint: string;
    })
  /** Messages longer than the limit were cut. */
  | (ConnectionEvent & { readonly kind: 'stream_truncated' })
  /** The queue behind `offer` is full: connections are not read until it has room. */
  | (ConnectionEvent & { readonly kind: 'stream_paused' })
  /** Messages that could not be handed over before the end of `stop`. */
  | { readonly kind: 'stream_undelivered'; readonly listener: string; readonly messages: number }
  /** New certificates are in force for connections from now on. */
  | { readonly kind: 'stream_tls_reloaded'; readonly certificate: string };

interface ConnectionEvent {
  readonly listener: string;
  /** Address of the latest peer. */
  readonly address: string;
  /** How many since the last such event. */
  readonly connections: number;
}
