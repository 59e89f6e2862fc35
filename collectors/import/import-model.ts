/** What a file turned out to be, by its first bytes. */
export type FileKind =
  | 'pcap'
  | 'pcapng'
  /** UDP payloads of flow export, one or several, with nothing around them. */
  | 'flow_payload'
  /** Text, one syslog message a line. */
  | 'text'
  /** Sessions, one a line: Zeek's conn.log, Argus or nfdump as CSV. */
  | 'session_list'
  /** One log file of an ESXi host. */
  | 'esxi_log'
  /** A tar archive with files of an ESXi host: a support bundle. */
  | 'esxi_bundle';

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
  | 'line_cut'
  /** A line of a list of sessions that tells none. */
  | 'no_session'
  /** A file of an archive that holds nothing that is read. */
  | 'other_file'
  /** A symbolic or hard link of an archive. */
  | 'link'
  /** A name that leads out of the archive, or holds control characters. */
  | 'unsafe_name'
  /** A command's output larger than any is. */
  | 'entry_too_large';

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
  /** Files of an archive that are damaged in themselves: what is whole of them was delivered. The first hundred. */
  readonly damaged: readonly DamagedMember[];
}

/** A file of an archive that cannot be read to its end. */
export interface DamagedMember {
  readonly path: string;
  /** Byte offset in its uncompressed content. */
  readonly offset: number;
  /** For people. */
  readonly detail: string;
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
  /** Entries of one archive; a bundle of a busy host has some thousands. */
  archiveEntries: 200_000,
  /** Content of one archive, before anything in it is unpacked. */
  archiveBytes: 64 * 1024 ** 3,
  /** Output of one command in a bundle. */
  commandBytes: 16 * 1024 * 1024,
} as const;
