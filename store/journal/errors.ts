/** No room for the journal, not even with its reserve released. Nothing was written; the same batch may be tried again. */
export class DiskFullError extends Error {
  readonly code = 'disk_full';
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    super(`the disk under ${directory} is full: the journal stopped and goes on when there is space again`, { cause });
    this.name = 'DiskFullError';
    this.directory = directory;
  }
}

/** Another process (or another part of this one) holds the data directory. */
export class DataDirectoryInUseError extends Error {
  readonly code = 'data_in_use';
  readonly directory: string;
  /** Process id of the holder; absent when it could not be told. */
  readonly pid: number | undefined;

  constructor(directory: string, pid: number | undefined) {
    super(`the data directory ${directory} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}`);
    this.name = 'DataDirectoryInUseError';
    this.directory = directory;
    this.pid = pid;
  }
}

/** A file was written by a later version of ascribe. */
export class SchemaTooNewError extends Error {
  readonly code = 'schema_too_new';
  readonly path: string;

  constructor(path: string, found: number, known: number) {
    super(`${path} has schema version ${found}, this ascribe knows versions up to ${known}: use a newer ascribe`);
    this.name = 'SchemaTooNewError';
    this.path = path;
  }
}

/** The journal cannot go on from what is on disk; the text names the file and what is wrong with it. */
export class JournalDamagedError extends Error {
  readonly code = 'journal_damaged';
  readonly path: string;

  constructor(path: string, what: string, cause?: unknown) {
    super(`${path}: ${what}`, { cause });
    this.name = 'JournalDamagedError';
    this.path = path;
  }
}

/** The signing key is missing a half, is readable by others or is no Ed25519 key. */
export class SigningKeyError extends Error {
  readonly code = 'signing_key';

  constructor(path: string, what: string, cause?: unknown) {
    super(`${path}: ${what}`, { cause });
    this.name = 'SigningKeyError';
  }
}

/** A segment was asked for that the journal does not have, or has in another state than the call needs. */
export class SegmentStateError extends Error {
  readonly code = 'segment_state';

  constructor(segment: string, what: string) {
    super(`segment ${segment}: ${what}`);
    this.name = 'SegmentStateError';
  }
}
