/** Functions that make BER values; each returns tag, length and content. Enough for acknowledgements and reports. */

/** A value of any tag from its content, which may come in parts. */
export function berValue(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x1_0000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from(head), ...parts]);
}

/** A SEQUENCE. */
export function berSequence(...parts: readonly Uint8Array[]): Buffer {
  return berValue(0x30, ...parts);
}

/** An integer in the fewest octets; `tag` for the unsigned types too, within -2^39 to 2^39. */
export function berInteger(value: number, tag = 0x02): Buffer {
  let octets = 1;
  while (octets < 5 && (value < -(2 ** (octets * 8 - 1)) || value >= 2 ** (octets * 8 - 1))) octets += 1;
  const content = Buffer.alloc(octets);
  content.writeIntBE(value, 0, octets);
  return berValue(tag, content);
}

/** An OCTET STRING. */
export function berOctets(content: Uint8Array): Buffer {
  return berValue(0x04, content);
}

/** An OBJECT IDENTIFIER from dotted text of at least two arcs. */
export function berOid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const septets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left % 128) | 0x80);
    octets.push(...septets);
  }
  return berValue(0x06, Buffer.from(octets));
}
