import { isAscii, isUtf8 } from 'node:buffer';

/** A message as text. Latin-1 maps every byte to one character, so nothing is lost where UTF-8 does not hold. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
}

/** UTF-8 where the bytes are valid UTF-8, else Latin-1. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isAscii(buffer)) return { text: buffer.toString('latin1'), encoding: 'utf8' };
  return isUtf8(buffer)
    ? { text: buffer.toString('utf8'), encoding: 'utf8' }
    : { text: buffer.toString('latin1'), encoding: 'latin1' };
}

/** End of the text before trailing CR, LF and NUL, which transports leave behind. */
export function contentEnd(text: string): number {
  let end = text.length;
  while (end > 0) {
    const code = text.charCodeAt(end - 1);
    if (code !== 0x0a && code !== 0x0d && code !== 0) break;
    end--;
  }
  return end;
}
