/**
 * Secrets in device commands and configuration lines: passwords, keys, communities, hashes. A line keeps its words and its
 * length in words; only the secret becomes `***`. Masking errs towards hiding: a word too many is masked rather than one
 * too few.
 */
const MASK = '***';

/** Keywords behind which a secret stands; what may stand between the two is in `FILLERS` and `TYPES`. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'password',
  'password-confirmation',
  'passwd',
  'passphrase',
  'secret',
  'pre-shared-key',
  'shared-secret',
  'ascii-text',
  'hexadecimal',
  'key-string',
  'authentication-key',
  'encrypted-password',
  'plain-text-password',
  'md5',
  'encpass',
  'ppk-secret',
  'psksecret',
  'privacy-password',
  'authentication-password',
  'simple-password',
  'api-key',
  'private-key',
  'wpa-psk',
  'ntlm-password',
  'bind-password',
  'bindpw',
  'tcp-md5',
  'community',
  'snmp-community',
  'auth',
  'priv',
  'hash',
  'certificate-passphrase',
  'enable-password',
]);

/** `ldap-login-password`, `local-passwd`: vendors make keywords of these. */
const SUFFIXES: readonly string[] = ['password', 'passwd', 'passphrase', 'secret', 'password-value'];

/** Words behind which a secret stands only in these lines: `key` alone is also a key's name (`crypto key generate`). */
const KEY_LINES: ReadonlySet<string> = new Set([
  'tacacs-server',
  'radius-server',
  'isakmp',
  'ikev1',
  'ikev2',
  'aaa-server',
  'key',
  'server-private',
]);

/** Words between the keyword and the secret. */
const FILLERS: ReadonlySet<string> = new Set([
  'level',
  'encrypted',
  'ascii',
  'hex',
  'aes',
  'des',
  '3des',
  'sha',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'md5',
  'des56',
  'aes128',
  'aes192',
  'aes256',
  '128',
  '192',
  '256',
  'local',
  'remote',
  'cleartext',
  'clear',
  'pbkdf2',
  'scrypt',
  '=',
  ':',
  'is',
  'set',
  'local-key',
  'remote-key',
  'authentication',
  'nt-encrypted',
  'mschap',
  'string',
  'text',
  'enc',
  'ascii-text',
  'hexadecimal',
]);

/** Cisco and Juniper number how a secret is encoded: `password 7 …`, `secret 9 …`. */
const TYPES: ReadonlySet<string> = new Set(['0', '3', '4', '5', '6', '7', '8', '8a', '9', '15']);

/** The line with its secrets replaced; the same string when it holds none. Idempotent. */
export function maskSecrets(line: string): string {
  const words = splitWords(line);
  let changed = false;
  for (let i = 0; i < words.length; i++) {
    const secret = secretAfter(words, i);
    if (secret < 0) continue;
    const word = words[secret];
    if (word === undefined || word.text === MASK) continue;
    words[secret] = { ...word, text: maskWord(word.text) };
    changed = true;
  }
  return changed ? words.map((word) => word.space + word.text).join('') : line;
}

interface Word {
  /** White space before it. */
  readonly space: string;
  readonly text: string;
}

/** Index of the secret that the word at `i` announces, or -1. */
function secretAfter(words: readonly Word[], i: number): number {
  const word = words[i]?.text ?? '';
  if (looksHashed(word)) return i;
  const assigned = word.indexOf('=');
  if (assigned > 0 && isSecretWord(words, i, word.slice(0, assigned)) && assigned < word.length - 1) return i;
  if (!isSecretWord(words, i, stripped(word))) return -1;
  let at = i + 1;
  while (at < words.length - 1 && isFiller(words[at]?.text ?? '')) at++;
  return at < words.length ? at : -1;
}

function isSecretWord(words: readonly Word[], i: number, word: string): boolean {
  const lower = withoutDashes(word.toLowerCase());
  // `esxcli system account set -i NAME -p SECRET -c SECRET`
  if ((lower === 'p' || lower === 'c') && word.startsWith('-')) return isEsxcliAccount(words);
  if (lower === 'auth' || lower === 'priv') return i > 0 && isSnmpUser(words);
  if (SECRET_WORDS.has(lower) || SUFFIXES.some((suffix) => lower.endsWith(suffix))) return true;
  return (
    (lower === 'key' || lower === 'keys') && words.slice(0, i).some(({ text }) => KEY_LINES.has(text.toLowerCase()))
  );
}

/** Options are keywords too: `--password`. */
function withoutDashes(word: string): string {
  if (word.startsWith('--')) return word.slice(2);
  return word.startsWith('-') ? word.slice(1) : word;
}

function isEsxcliAccount(words: readonly Word[]): boolean {
  return words.some(({ text }) => text.endsWith('esxcli')) && words.some(({ text }) => text === 'account');
}

/** `snmp-server user NAME GROUP v3 auth sha SECRET priv aes 128 SECRET`. */
function isSnmpUser(words: readonly Word[]): boolean {
  return words.some(({ text }) => text === 'user') && words.some(({ text }) => text.startsWith('snmp'));
}

function isFiller(word: string): boolean {
  const lower = stripped(word).toLowerCase();
  return lower === '' || FILLERS.has(lower) || TYPES.has(lower);
}

/** Crypt and vendor encodings that are secrets wherever they stand: `$1$…`, `$9$…`, `$8$…`, `ENC …` is a keyword's business. */
function looksHashed(word: string): boolean {
  const text = stripped(word);
  if (text.length < 8 || text[0] !== '$') return false;
  const second = text.indexOf('$', 1);
  return second > 1 && second <= 8;
}

function stripped(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && '"\'`('.includes(word[from] ?? '')) from++;
  while (to > from && '"\'`),;:.'.includes(word[to - 1] ?? '')) to--;
  return word.slice(from, to);
}

/** Keeps quotes, a `name=` in front and a closing bracket or semicolon. */
function maskWord(word: string): string {
  const assigned = word.indexOf('=');
  const head = assigned > 0 && assigned < word.length - 1 && !word.startsWith('$') ? word.slice(0, assigned + 1) : '';
  const open = word[head.length] ?? '';
  const close = word.at(-1) ?? '';
  const before = '"\'`('.includes(open) && open !== '' ? open : '';
  const after = '"\'`),;'.includes(close) && word.length > head.length + before.length ? close : '';
  return `${head}${before}${MASK}${after}`;
}

/** Words with the white space before each; a quoted stretch is one word. Joined again they are the line. */
function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const start = at;
    while (at < line.length && line.charCodeAt(at) <= 0x20) at++;
    const from = at;
    at = wordEnd(line, at);
    words.push({ space: line.slice(start, from), text: line.slice(from, at) });
  }
  return words;
}

function wordEnd(line: string, from: number): number {
  const quote = line[from];
  if (quote === '"') {
    const close = line.indexOf(quote, from + 1);
    if (close > 0) return close + 1;
  }
  let at = from;
  while (at < line.length && line.charCodeAt(at) > 0x20) at++;
  return at;
}
