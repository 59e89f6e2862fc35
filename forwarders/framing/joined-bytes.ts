/**
 * Texts one after another as UTF-8. Each is measured and written by itself: joining many long texts into one first costs
 * several times as much.
 */
export function joinedBytes(texts: readonly string[]): Buffer {
  let size = 0;
  for (const text of texts) size += Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) at += bytes.write(text, at);
  return bytes;
}
