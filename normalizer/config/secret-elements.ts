import { MASK, SECRET_WORDS, SUFFIXES, WEAK_WORDS } from '../mask-secrets.data';

/** Elements of pfSense, OPNsense and PAN-OS that hold a secret, beside those named like a secret's keyword. */
const SECRET_ELEMENTS: ReadonlySet<string> = new Set([
  'prv',
  'tls',
  'tls-key',
  'key',
  'ipsecpsk',
  'psk',
  'rocommunity',
  'rwcommunity',
  'community',
  'bindpw',
  'ldap-bindpw',
  'bcrypt-hash',
  'md5-hash',
  'sha512-hash',
  'nt-hash',
  'presharedkey',
  'accountkey',
  'static-key',
  'otp-seed',
  'secretkey',
  'apikey',
  'token',
]);

/**
 * Masks the text of secret elements line by line; tags stay. An element that does not end on its line is masked up to where
 * it does.
 */
export class SecretElements {
  /** Name of the secret element that is open. */
  #open = '';

  mask(line: string): string {
    let out = '';
    let at = 0;
    while (at < line.length) {
      const open = line.indexOf('<', at);
      const end = open < 0 ? line.length : open;
      out += this.#text(line.slice(at, end));
      if (open < 0) break;
      const close = tagEnd(line, open);
      out += this.#tag(line.slice(open, close));
      at = close;
    }
    return out;
  }

  #text(text: string): string {
    if (this.#open === '' || text.trim() === '') return text;
    const lead = text.length - text.trimStart().length;
    return `${text.slice(0, lead)}${MASK}`;
  }

  #tag(tag: string): string {
    if (tag.startsWith('<![CDATA['))
      return this.#open === '' ? tag : `<![CDATA[${MASK}${tag.endsWith(']]>') ? ']]>' : ''}`;
    const name = nameOf(tag);
    if (tag.startsWith('</')) {
      if (name === this.#open) this.#open = '';
    } else if (this.#open === '' && !tag.endsWith('/>') && isSecret(name)) this.#open = name;
    return tag;
  }
}

function tagEnd(line: string, open: number): number {
  const cdata = line.startsWith('<![CDATA[', open);
  const end = cdata ? line.indexOf(']]>', open) : line.indexOf('>', open);
  return end < 0 ? line.length : end + (cdata ? 3 : 1);
}

function nameOf(tag: string): string {
  const from = tag.startsWith('</') ? 2 : 1;
  let to = from;
  while (to < tag.length && !' \t/>'.includes(tag[to] ?? '>')) to++;
  return tag.slice(from, to).toLowerCase();
}

function isSecret(element: string): boolean {
  const name = element.replaceAll('_', '-');
  if (WEAK_WORDS.has(name)) return false;
  if (SECRET_ELEMENTS.has(name) || SECRET_WORDS.has(name) || SECRET_WORDS.has(element)) return true;
  return SUFFIXES.some((suffix) => name.endsWith(suffix) || element.endsWith(suffix));
}
