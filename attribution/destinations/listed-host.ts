import { parseRange, rangeBounds } from '../../store/facts/address-filter';
import type { ListEntry } from './destination-list';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/**
 * The entry that a text of a list means: an address, a network (CIDR), a name, or the host of a URL; undefined for anything else.
 * `*.x`, `.x` and `||x^` mean the names under x; a plain name means what `isDomain` says.
 */
export function entryOf(text: string, line: number, label: string, isDomain = true): ListEntry | undefined {
  const trimmed = text.trim();
  const host = hostOfUrl(trimmed);
  const address = addressEntry(host ?? trimmed);
  if (address !== undefined) return { ...address, line, label };
  if (host !== undefined) return nameEntry(host, line, label, false);
  const filter = trimmed.startsWith('||') && trimmed.endsWith('^') ? trimmed.slice(2, -1) : undefined;
  const under =
    filter ?? (trimmed.startsWith('*.') ? trimmed.slice(2) : trimmed.startsWith('.') ? trimmed.slice(1) : undefined);
  return nameEntry(under ?? trimmed, line, label, under !== undefined || isDomain);
}

function addressEntry(text: string): { readonly network: string; readonly prefix: number } | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const range = parseRange(bare);
  if (range === undefined) return undefined;
  const [first] = rangeBounds(range);
  return { network: first.toString('hex').toUpperCase(), prefix: range.prefix };
}

/** `https://user@host:443/path`: the host; undefined for what is no URL. */
function hostOfUrl(text: string): string | undefined {
  const scheme = text.indexOf('://');
  if (scheme < 1 || scheme > 12) return undefined;
  try {
    return new URL(text).hostname;
  } catch {
    return undefined;
  }
}

function nameEntry(text: string, line: number, label: string, isDomain: boolean): ListEntry | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  return isName(name) ? { name, isDomain, line, label } : undefined;
}

/** At least two labels of letters, digits, `-` and `_`, the last no number. */
function isName(name: string): boolean {
  if (name.length > LONGEST_NAME) return false;
  const labels = name.split('.');
  return labels.length > 1 && labels.every((label) => isLabel(label)) && !/^\d+$/u.test(labels.at(-1) ?? '');
}

function isLabel(label: string): boolean {
  return label !== '' && label.length <= LONGEST_LABEL && /^[a-z0-9_-]+$/u.test(label);
}
