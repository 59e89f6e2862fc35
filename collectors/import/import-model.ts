/** What a file turned out to be, by its first bytes. */
export type FileKind =
  | 'pcap'
  | 'pcapng'
  /** UDP payloads of flow export, one or several, with nothing around them. */
  | 'flow_payload'
  /** Text, one syslog message a line. */
  | 'text'
  /** A log file of an ESXi host, read in stretches. Only where the caller says so: its lines look like any text. */
  | 'log';

/** Why a packet or line of an import gave no record. */
export type SkipReason =
  /** No flow export and no syslog, by port and by content. */
  | 'other_payload'
  | 'not_ip'
  | 'not_udp'
  /** The capture kept less of the packet than it had. */
  | 'cut_by_snaplen'
  /** Lengths inside the packet contradict each other. */
  | 'malformed_packet'
  | 'link_type_unknown'
  /** A fragmented datagram of which not all fragments came. */
  | 'fragment_incomplete'
  /** Fragments that overlap, exceed 64 KiB or are too many: dropped whole (RFC 5722). */
  | 'fragment_refused'
  | 'empty_line'
  /** The line was kept up to the limit, the rest left out. */
  | 'line_cut';

/** Where and why reading ended before the end of the file. Everything whole before it was delivered. */
export interface ImportTruncated {
  /** Byte offset, in the uncompressed content, of the first thing that could not be read. */
  readonly offset: number;
  readonly reason:
    /** The file ends inside something. */
    | 'cut_short'
    /** A length or type that cannot be. */
    | 'corrupt'
    /** Something larger than the limits allow. */
    | 'too_large'
    /** The compressed stream is damaged or ends early. */
    | 'damaged_compression'
    /** It unpacks to implausibly much. */
    | 'compression_bomb'
    /** The system failed to read on. */
    | 'read_error';
  /** For people. */
  readonly detail: string;
}

/** Sums of one import. Only complete once all records were taken. */
export interface ImportSummary {
  readonly kind: FileKind;
  readonly records: number;
  /** Bytes of the records. */
  readonly recordBytes: number;
  readonly skipped: ReadonlyMap<SkipReason, number>;
  readonly truncated: ImportTruncated | undefined;
}

/** The file is none that can be imported. */
export class ImportKindError extends Error {
  readonly code = 'import_kind';
}

/** Limits against hostile files. */
export const IMPORT_LIMITS = {
  /** Largest packet of a capture; what tcpdump calls MAXIMUM_SNAPLEN. */
  packetBytes: 262_144,
  /** Largest pcapng block, of any type. */
  blockBytes: 16 * 1024 * 1024,
  /** Interfaces in one pcapng section. */
  interfaces: 65_536,
  /** Longest text line kept. */
  lineBytes: 65_536,
  /** Largest UDP payload: 65,535 less the UDP header (RFC 768), without jumbograms. */
  payloadBytes: 65_527,
  /** Uncompressed bytes for each compressed one, once past `ratioFreeBytes`. Logs reach 30, capture files 20. */
  compressionRatio: 400,
  ratioFreeBytes: 32 * 1024 * 1024,
} as const;
