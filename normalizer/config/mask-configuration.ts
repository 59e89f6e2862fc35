import { maskSecrets } from '../mask-secrets';
import { MASK } from '../mask-secrets.data';
import type { ConfigGrammar } from './platforms';
import { SecretElements } from './secret-elements';

/**
 * The lines of a configuration with their secrets replaced by `***`, line for line: nothing else is ever made of a
 * configuration but of these lines. Beyond what one line shows (`mask-secrets`) this knows private keys over many lines,
 * XML elements, FortiOS's and RouterOS's statements whose secret only the block around them tells, and values that go on
 * in the next line. A line too many is masked rather than one too few.
 */
export function maskConfiguration(lines: readonly string[], grammar: ConfigGrammar): string[] {
  const withoutKeys = maskPrivateKeys(lines);
  switch (grammar) {
    case 'xml': {
      const elements = new SecretElements();
      return withoutKeys.map((line) => maskSecrets(elements.mask(line)));
    }
    case 'routeros':
      return maskRouteros(withoutKeys);
    case 'fortios':
      return maskFortios(withoutKeys);
    case 'braces':
      return maskBraces(withoutKeys);
    case 'indent':
    case 'set':
      return withoutKeys.map((line) => marked(maskSecrets(line)));
  }
}

/** Bodies of `-----BEGIN … PRIVATE KEY-----` and of OpenVPN's static keys. */
function maskPrivateKeys(lines: readonly string[]): string[] {
  let inside = false;
  return lines.map((line) => {
    if (inside) {
      const end = line.indexOf('-----END ');
      if (end < 0) return line.trim() === '' ? line : MASK;
      inside = false;
      return line.slice(end);
    }
    const begin = keyBegin(line);
    if (begin < 0) return line;
    const end = line.indexOf('-----END ', begin);
    inside = end < 0;
    return `${line.slice(0, begin)}${MASK}${inside ? '' : line.slice(end)}`;
  });
}

/** Position behind the line that begins a private key, or -1. */
function keyBegin(line: string): number {
  const from = line.indexOf('-----BEGIN ');
  if (from < 0) return -1;
  const label = line.slice(from + 11, line.indexOf('-----', from + 11));
  return label.endsWith('PRIVATE KEY') || label.endsWith('Static key V1') ? from + 11 + label.length + 5 : -1;
}

/** Junos marks what is a secret: the last value of the line. */
function marked(line: string): string {
  const mark = line.indexOf('## SECRET-DATA');
  if (mark < 0) return line;
  const close = line.lastIndexOf('"', mark);
  const open = close <= 0 ? -1 : line.lastIndexOf('"', close - 1);
  if (open < 0) return line;
  return `${line.slice(0, open + 1)}${MASK}${line.slice(close)}`;
}

/** Junos, PAN-OS: `snmp { community SECRET {`. */
function maskBraces(lines: readonly string[]): string[] {
  let inSnmp = false;
  let snmpIndent = 0;
  return lines.map((line) => {
    const text = line.trimStart();
    const indent = line.length - text.length;
    if (/^(?:snmp|snmptrap|snmp-setting) \{$/.test(text)) {
      inSnmp = true;
      snmpIndent = indent;
    } else if (inSnmp && text.startsWith('}') && indent <= snmpIndent) inSnmp = false;
    const secret = inSnmp && /^(?:inactive: )?(?:community|community-name) [^\s;{]/.test(text);
    const masked = secret ? line.replace(/(communit(?:y|y-name)) [^\s;{]+/, `$1 ${MASK}`) : line;
    return marked(maskSecrets(masked));
  });
}

/** `config system snmp community` / `edit 1` / `set name SECRET`. */
function maskFortios(lines: readonly string[]): string[] {
  let block = '';
  return lines.map((line) => {
    const text = line.trimStart();
    if (text.startsWith('config ')) block = text.trim();
    const community = block === 'config system snmp community' && text.startsWith('set name ');
    return community ? `${line.slice(0, line.indexOf('name ') + 5)}"${MASK}"` : maskSecrets(line);
  });
}

/** The menu belongs to the statement; a value may go on in the next line behind `\`. */
function maskRouteros(lines: readonly string[]): string[] {
  const out: string[] = [];
  let menu = '';
  /** What of this line still belongs to a secret of the line before: a word, or all up to a quote. */
  let rest: '' | 'word' | 'quote' = '';
  let pending = '';
  for (const line of lines) {
    const text = line.trim();
    if (text.startsWith('/')) menu = text;
    const lead = line.length - line.trimStart().length;
    const open = rest === '' ? 0 : restEnd(line, lead, rest);
    const body = line.slice(open);
    const head = text.startsWith('/') ? '' : `${pending === '' ? menu : pending} `;
    const masked = maskSecrets(head + body).slice(head.length);
    out.push((rest === '' ? '' : `${line.slice(0, lead)}${MASK}`) + masked);
    const continues = line.endsWith('\\');
    pending = continues ? menu : '';
    rest = continues ? restOf(menu, body, masked) : '';
  }
  return out;
}

function restEnd(line: string, from: number, rest: 'word' | 'quote'): number {
  let at = from;
  if (rest === 'word' && line[at] === '"') return restEnd(line, at + 1, 'quote');
  while (at < line.length && (rest === 'quote' ? line[at] !== '"' : (line[at] ?? ' ') > ' ')) at++;
  return rest === 'quote' && at < line.length ? at + 1 : at;
}

/** Whether the last value of a continued line is a secret that goes on. */
function restOf(menu: string, line: string, masked: string): '' | 'word' | 'quote' {
  const body = line.slice(0, -1);
  const last = body.slice(body.lastIndexOf(' ') + 1);
  if (last.endsWith('=') && maskSecrets(`${menu} ${last}x`) !== `${menu} ${last}x`) return 'word';
  let quotes = 0;
  for (const character of body) if (character === '"') quotes++;
  if (quotes % 2 === 1 && (masked.endsWith(MASK) || masked.endsWith(`${MASK}\\`))) return 'quote';
  return '';
}
