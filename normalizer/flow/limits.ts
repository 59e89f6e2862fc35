/** What bounds the memory that senders can make the normalizer use. UDP sources can be forged: every map has an end. */
export interface FlowLimits {
  /** (address, port, domain, version) streams in all; the longest unused goes first. */
  readonly streams: number;
  /** Templates of one stream; more are refused. */
  readonly templatesPerStream: number;
  /** Templates of all streams, and the bytes of their declarations; beyond, the longest unused streams go. */
  readonly templates: number;
  readonly templateBytes: number;
  /** Templates made into loops; beyond, the oldest are made again when needed. */
  readonly compiled: number;
  readonly fieldsPerTemplate: number;
  /** A template that was not declared again for so long is forgotten. */
  readonly templateAgeMs: number;
  /** Sets waiting for their template, of one stream and in all, and how long. */
  readonly pendingPerStream: number;
  readonly pending: number;
  readonly pendingAgeMs: number;
  /** Rows of option tables (samplers, interfaces, names) remembered of one exporter and domain, and in all. */
  readonly optionsPerStream: number;
  readonly options: number;
  /** Connections of firewalls that are open with counted bytes. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: FlowLimits = {
  streams: 16_384,
  templatesPerStream: 1024,
  templates: 65_536,
  templateBytes: 1 << 25,
  compiled: 4096,
  fieldsPerTemplate: 512,
  templateAgeMs: 24 * 3_600_000,
  pendingPerStream: 4096,
  pending: 65_536,
  pendingAgeMs: 4 * 3_600_000,
  optionsPerStream: 8192,
  options: 1 << 18,
  connections: 1 << 18,
};
