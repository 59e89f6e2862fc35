/** What a list says of its entries. `threat`: hostile. `provider`: of a cloud, CDN or hoster, whose customers may be anybody. `benign`: known and harmless. */
export type ListKind = 'threat' | 'provider' | 'benign';

interface Listed {
  /** Line of the file, or number of the entry in it, from 1. */
  readonly line: number;
  /** What the list calls it; '' where it says nothing. */
  readonly label: string;
  /** Epoch ms; absent: since ever, for ever. */
  readonly validFrom?: number;
  readonly validTo?: number;
}

/** A network of addresses. */
export interface AddressEntry extends Listed {
  /** First byte first, 4 or 16 bytes as upper-case hex. */
  readonly network: string;
  readonly prefix: number;
}

/** A name of the DNS. */
export interface NameEntry extends Listed {
  /** Lower case, without the dot of the root. */
  readonly name: string;
  /** Names under it are meant too. */
  readonly isDomain: boolean;
}

export type ListEntry = AddressEntry | NameEntry;

/** A list as it was read from a file. */
export interface DestinationList {
  readonly name: string;
  readonly kind: ListKind;
  /** Of the file's bytes. */
  readonly sha256: string;
  /** When it was made: by its own word, else by the file's time; epoch ms. */
  readonly date: number;
  /** Traffic light protocol: how far it may be passed on. */
  readonly tlp: string;
  readonly entries: readonly ListEntry[];
  /** Entries that name neither an address nor a name (hashes, files), and lines that could not be read. */
  readonly skipped: number;
}

/** What the reader of one format gives. */
export interface ParsedList {
  readonly entries: readonly ListEntry[];
  readonly skipped: number;
  readonly date?: number;
  readonly tlp?: string;
}

/** A file that is not of the format it was said to be. */
export class ListFormatError extends Error {
  readonly code = 'list_format';
}
