import { CommandRefusedError } from '../ssh-errors';

/**
 * What a parameter of a command may be. Each kind says which texts it takes and how they are written into the line;
 * nothing else reaches a device. The character sets need no quoting in any shell we speak to, except for paths.
 */
export type ParameterKind =
  /** Name of a TCP/IP stack, VRF, routing instance, context. */
  | 'name'
  /** Decimal number, such as a VM or world id, or a count of blocks. */
  | 'number'
  /** Several numbers, separated by spaces in the line. */
  | 'numbers'
  /** How esxcli is to write its output: `csv`, `json`, `xml`, `keyvalue`, or `table` for none of them. */
  | 'formatter'
  /** Absolute path of one log file, rotated or not, or of one VM's `.vmx`. */
  | 'path'
  /** Several paths. */
  | 'paths'
  /** A path whose rotated generations are meant: the shell expands what follows its stem. */
  | 'stem';

export type ParameterValue = string | number | readonly string[] | readonly number[];

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/u;
const MOST_ENTRIES = 512;
const LONGEST_PATH = 1024;

/** Folders below which files are read, and how such files end: there are keys and disks in the same folders. */
const ROOTS = ['/var/run/log/', '/var/log/', '/scratch/', '/vmfs/volumes/'];
const ENDINGS = /[^/](?:\.log|\.vmx|\.\d{1,4}|\.log\.\d{1,4})(?:\.gz)?$/u;
const FORMATTERS: ReadonlySet<ParameterValue> = new Set(['csv', 'json', 'xml', 'keyvalue', 'table']);

/** The parameter as it stands in the line. Throws `CommandRefusedError` for what its kind does not take. */
export function writeParameter(kind: ParameterKind, value: ParameterValue): string {
  switch (kind) {
    case 'name':
      if (typeof value === 'string' && NAME.test(value)) return value;
      break;
    case 'number':
      if (isCount(value)) return String(value);
      break;
    case 'numbers':
      if (isList(value) && value.every(isCount)) return value.join(' ');
      break;
    case 'formatter':
      if (FORMATTERS.has(value)) return value === 'table' ? '' : `--formatter=${String(value)} `;
      break;
    case 'path':
      if (isFile(value)) return quoted(value);
      break;
    case 'paths':
      if (isList(value) && value.every(isFile)) return value.map(quoted).join(' ');
      break;
    case 'stem':
      // Only the end is left to the shell: it may expand to names that begin with the stem, and to nothing else.
      if (isPath(value)) return `${quoted(value)}[.-]*`;
      break;
  }
  throw new CommandRefusedError(`a parameter is not a ${kind}: ${JSON.stringify(value)?.slice(0, 100)}`);
}

/** Whether a file may be read. */
export function isFile(value: unknown): value is string {
  return isPath(value) && ENDINGS.test(value);
}

/** Whether a path lies below one of the known folders, without a way out of it and without control characters. */
function isPath(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST_PATH) return false;
  if (!ROOTS.some((root) => value.startsWith(root))) return false;
  if (value.split('/').some((part) => part === '..' || part === '.')) return false;
  return !/[\u0000-\u001f\u007f]/u.test(value) && !value.endsWith('/');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isList(value: ParameterValue): value is readonly string[] | readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_ENTRIES;
}

/** For a POSIX shell: nothing is special within single quotes but the single quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
