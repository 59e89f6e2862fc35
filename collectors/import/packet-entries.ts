import type { ByteWindow } from './byte-window';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';
import { readLines, type TextLine } from './text-lines';

const NEW_LINE = Uint8Array.of(10);

/** Whether text is the debug log of Microsoft's DNS server, whose details take several lines a packet. */
export function hasPacketEntries(prefix: Uint8Array): boolean {
  const text = Buffer.from(prefix).toString('latin1');
  return (
    text.startsWith('DNS Server log file creation') || /^\d{1,4}[/.-][^\n]{0,40} PACKET {2}[0-9A-F]{8,16} /mu.test(text)
  );
}

/** Yields entries: a line that begins with a date and, up to the next such line, what follows it, without empty lines. */
export async function* readEntries(window: ByteWindow): AsyncGenerator<TextLine, ImportTruncated | undefined> {
  const lines = readLines(window);
  let parts: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  for (;;) {
    const { done, value } = await lines.next();
    const begins = done === true || beginsEntry(value.bytes);
    if (begins && parts.length > 0) {
      yield { bytes: Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [NEW_LINE, part]))), isCut };
      parts = [];
      length = 0;
      isCut = false;
    }
    if (done === true) return value;
    if (value.bytes.length === 0) continue;
    isCut ||= value.isCut;
    if (length + value.bytes.length > IMPORT_LIMITS.lineBytes) isCut = true;
    else {
      // The window reuses its memory.
      parts.push(Uint8Array.from(value.bytes));
      length += value.bytes.length + 1;
    }
  }
}

function beginsEntry([first = 0]: Uint8Array): boolean {
  return first >= 0x30 && first <= 0x39;
}
