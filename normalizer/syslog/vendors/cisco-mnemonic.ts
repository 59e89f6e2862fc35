import { integerOf } from './value';
import { skipSpace } from './template';

/** `%FAC[-SUB]-SEV-MNEMONIC: text`; ACI leaves the colon out (Cisco APIC, "Syslog Message Structure"). */
export interface CiscoHead {
  readonly facility: string;
  readonly severity: number;
  readonly mnemonic: string;
  /** As the documents name the message: `SYS-5-CONFIG_I`. */
  readonly code: string;
  /** Where the text begins. */
  readonly textAt: number;
}

/** Small-business devices write a letter instead of the digit. */
const LETTERS: Readonly<Record<string, number>> = { A: 1, C: 2, E: 3, W: 4, N: 5, I: 6, D: 7 };

/** Reads the head that begins with the percent sign at `from`; undefined when there is none. */
export function ciscoHead(text: string, from: number): CiscoHead | undefined {
  const at = behindVdc(text, from);
  if (text[at] !== '%') return undefined;
  const end = endOfCode(text, at + 1);
  const code = text.slice(at + 1, end);
  const stop = skipSpace(text, end);
  if (code.length <= 4 || code.length > 128 || (text[stop] !== ':' && stop === end)) return undefined;
  const parts = code.split('-');
  for (let i = 1; i < parts.length - 1; i++) {
    const part = parts[i] ?? '';
    const severity = part.length === 1 ? (integerOf(part) ?? LETTERS[part]) : undefined;
    if (severity === undefined || severity > 7) continue;
    const facility = parts.slice(0, i).join('-');
    const mnemonic = parts.slice(i + 1).join('-');
    return { facility, severity, mnemonic, code, textAt: text[stop] === ':' ? skipSpace(text, stop + 1) : stop };
  }
  return undefined;
}

/** Nexus 7000 puts the virtual device context before the message: `%$ VDC-1 %$ %VSHD-5-…`. */
function behindVdc(text: string, at: number): number {
  if (!text.startsWith('%$ ', at)) return at;
  const end = text.indexOf(' %$', at + 2);
  return end < 0 || end - at > 64 ? at : skipSpace(text, end + 3);
}

/** Behind the letters, digits, `_` and `-` that begin at `from`. */
function endOfCode(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const word = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
    if (!word && c !== 0x5f && c !== 0x2d) return i;
  }
  return text.length;
}
