/*
 * How long one message of flow export is, from its own length fields. Nothing but lengths is read: what the
 * message says is the normalizer's business.
 *   v1: 16 + 52 n   v5: 24 + 48 n   v7: 24 + 52 n   v8: 28 + r n, r by aggregation scheme (Cisco NetFlow export formats)
 *   v9: 20, then sets id 2 | length 2 | ... (RFC 3954)   IPFIX: length in the header (RFC 7011)
 *   sFlow v5: header, then samples type 4 | length 4 | ... (sflow.org, sflow_version_5.txt)
 */
const FIXED: ReadonlyMap<number, { readonly header: number; readonly record: number }> = new Map([
  [1, { header: 16, record: 52 }],
  [5, { header: 24, record: 48 }],
  [7, { header: 24, record: 52 }],
]);

/** Record lengths of NetFlow v8 by aggregation scheme 1 to 14. */
const V8_RECORDS: readonly (number | undefined)[] = [undefined, 28, 28, 32, 32, 40, 32, 40, 44, 32, 32, 32, 32, 40, 40];

/**
 * Length of the message that begins at `at`, or undefined when its lengths do not work out before `end`. Where
 * messages follow one another, that of v9 ends where something that cannot be a set begins: ids 2 to 255 are
 * reserved, so the version number of a next message (5, 9 or 10) cannot be taken for one.
 */
export function messageLength(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (end - at < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
  const length = statedLength(view);
  return length !== undefined && length <= end - at ? length : undefined;
}

/** Whether a payload is, by its lengths, exactly one message of flow export that holds something. */
export function looksLikeFlow(payload: Uint8Array): boolean {
  const length = messageLength(payload, 0, payload.length);
  return length === payload.length && length > 20;
}

function statedLength(view: DataView): number | undefined {
  const version = view.getUint16(0);
  const count = view.getUint16(2);
  const fixed = FIXED.get(version);
  if (fixed !== undefined) return fixed.header + fixed.record * count;
  switch (version) {
    case 8: {
      const record = view.byteLength < 28 ? undefined : V8_RECORDS[view.getUint8(22)];
      return record === undefined ? undefined : 28 + record * count;
    }
    case 9:
      return view.byteLength < 20 ? undefined : setsEnd(view);
    case 10:
      return count < 16 ? undefined : count;
    case 0:
      return count === 5 ? samplesEnd(view) : undefined;
    default:
      return undefined;
  }
}

function setsEnd(view: DataView): number | undefined {
  const end = view.byteLength;
  let at = 20;
  while (at + 4 <= end) {
    const id = view.getUint16(at);
    if (id > 1 && id < 256) return at;
    const length = view.getUint16(at + 2);
    if (length < 4 || at + length > end) return undefined;
    at += length;
  }
  // Up to three bytes of padding at the very end.
  return end;
}

function samplesEnd(view: DataView): number | undefined {
  const addressType = view.byteLength < 28 ? 0 : view.getUint32(4);
  if (addressType !== 1 && addressType !== 2) return undefined;
  let at = addressType === 1 ? 28 : 40;
  if (at > view.byteLength) return undefined;
  const samples = view.getUint32(at - 4);
  for (let count = 0; count < samples; count += 1) {
    if (at + 8 > view.byteLength) return undefined;
    const length = view.getUint32(at + 4);
    if (length % 4 !== 0 || length > view.byteLength - at - 8) return undefined;
    at += 8 + length;
  }
  return at;
}
