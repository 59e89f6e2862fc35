import { KEY_COMMANDS, KEY_LINES, OPTION_WORDS, SECRET_WORDS, SUFFIXES, TYPES } from './mask-secrets.data';
import { type Word, isInteger, lowerOf, someNaming } from './secret-words';

/** Index from which the secret is looked for that the keyword at `i` announces; -1 when the word is no such keyword. */
export function keywordTarget(words: readonly Word[], i: number): number {
  const word = lowerOf(words, i);
  if (word === 'key' || word === 'keys') return keyTarget(words, i);
  if (!isKeyword(words, i, word, word.startsWith('-'))) return -1;
  if (word === 'community') return communityTarget(words, i);
  return word.endsWith('pre-shared-key') || word === 'pre-share' ? sharedKeyTarget(words, i) : i + 1;
}

/**
 * Whether `word`, which is the word at `i` or a name in it, is followed by a secret. `assigned`: it is an option or has the
 * value in the same word.
 */
export function isKeyword(words: readonly Word[], i: number, word: string, assigned: boolean): boolean {
  const name = withoutDashes(word);
  // `/etc/passwd` is a file.
  if (name.includes('/') || name === 'nopassword') return false;
  if (name === 'auth' || name === 'priv') return isSnmpUser(words);
  if (name === 'community') return isSnmpCommunity(words, i);
  if (name === 'name') return assigned && someNaming(words, isSnmpPath) && has(words, 'community');
  if (name === 'users') return assigned && has(words, 'snmp') && has(words, 'system');
  // `/ppp secret add` is a menu.
  if (name === 'secret' && !assigned && lowerOf(words, i - 1).endsWith('ppp')) return false;
  if (OPTION_WORDS.has(name)) return assigned;
  return SECRET_WORDS.has(name) || SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** Options are keywords too: `--password`. */
function withoutDashes(word: string): string {
  if (word.startsWith('--')) return word.slice(2);
  return word.startsWith('-') ? word.slice(1) : word;
}

/** `key 7 S`, `tacacs-server host A key S`, `authentication key eigrp 100 S`; not `key chain NAME`, `key 1`. */
function keyTarget(words: readonly Word[], i: number): number {
  const next = lowerOf(words, i + 1);
  if (next === '' || KEY_COMMANDS.has(next)) return -1;
  if (next === 'eigrp') return i + 3;
  if (someNaming(words, (lower) => KEY_LINES.has(lower), i)) return i + 1;
  const first = i === 0 || (i === 1 && (lowerOf(words, 0) === 'set' || lowerOf(words, 0) === 'no'));
  if (!first) return -1;
  const count = words.length - i - 1;
  if (count === 1) return isInteger(next) ? -1 : i + 1;
  return TYPES.has(next) || next === 'encrypted' || next === 'hex' || next === 'enc' || next === 'clear' ? i + 1 : -1;
}

/** `pre-shared-key address A [MASK] key S`, `pre-shared-key key S`, `pre-shared-key S`. */
function sharedKeyTarget(words: readonly Word[], i: number): number {
  for (let at = i + 1; at < words.length - 1 && at <= i + 5; at++) if (lowerOf(words, at) === 'key') return at + 1;
  const next = lowerOf(words, i + 1);
  return next === 'address' || next === 'hostname' ? Math.min(i + 3, words.length - 1) : i + 1;
}

/** `snmp-server user NAME GROUP v3 auth sha SECRET priv aes 128 SECRET`. */
function isSnmpUser(words: readonly Word[]): boolean {
  return has(words, 'user') && someNaming(words, isSnmpPath);
}

/** RouterOS: `/snmp community set NAME …`; the name is the community. */
function communityTarget(words: readonly Word[], i: number): number {
  const next = lowerOf(words, i + 1);
  if (next === 'add' || next === 'print') return words.length;
  return next === 'set' || next === 'remove' ? i + 2 : i + 1;
}

/** A community is a secret of SNMP only: BGP's (`set community 65000:100`) are not. */
function isSnmpCommunity(words: readonly Word[], i: number): boolean {
  if (someNaming(words, (lower) => isSnmpPath(lower) || lower.startsWith('trap-'))) {
    return lowerOf(words, i + 1) !== 'from';
  }
  return i === 0 && !has(words, 'members') && !lowerOf(words, 1).includes(':') && !isInteger(lowerOf(words, 1));
}

function isSnmpPath(word: string): boolean {
  return word.startsWith('snmp') || word.startsWith('/snmp') || word.startsWith('system.snmp');
}

function has(words: readonly Word[], word: string): boolean {
  return someNaming(words, (lower) => lower === word);
}
